/* Writes what is derived from the table of causes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"

#include <stdio.h>
#include <string.h>

static const char *severity_name(enum severity severity)
{
    switch (severity) {
    case SEVERITY_CHAT:
        return "Chat";
    case SEVERITY_NOTE:
        return "Note";
    case SEVERITY_WARN:
    case SEVERITY_DEFAULT:
        break;
    }
    return "Warn";
}

/* The table between the markers of README.md. */
static void derive_readme(void)
{
    printf("| `tcp.abort.cause` | what happened | severity |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < cause_count; i++)
        printf("| `%s` | %s | %s |\n", cause_table[i].token, cause_table[i].means,
               severity_name(cause_table[i].severity));
}

int main(int argc, char **argv)
{
    if (argc != 2 || strcmp(argv[1], "readme")) {
        fprintf(stderr, "usage: derive readme\n");
        return 2;
    }
    derive_readme();
    return 0;
}
