/* Writes what is derived from the table of causes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "derive.h"

#include "chinese.h"

#include <stdio.h>
#include <string.h>

const char *derive_severity_name(enum severity severity)
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
               derive_severity_name(cause_table[i].severity));
}

/* The same in Chinese. */
static void derive_readme_zh(void)
{
    printf("| `tcp.abort.cause` | 发生了什么 | 严重程度 |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < cause_count; i++)
        printf("| `%s` | %s | %s |\n", cause_table[i].token, chinese(cause_table[i].means),
               derive_severity_name(cause_table[i].severity));
}

/* The capture that shows each cause best. */
static void derive_examples(void)
{
    for (size_t i = 0; i < cause_count; i++)
        printf("%s\t%s\n", cause_table[i].token, cause_table[i].example);
}

static const struct product {
    const char *name;
    void (*derive)(void);
} products[] = {
    { "readme", derive_readme },       { "readme-zh", derive_readme_zh },
    { "examples", derive_examples },   { "preferences", derive_preferences },
    { "recent", derive_recent },       { "colorfilters", derive_colorfilters },
    { "dfilters", derive_dfilters },   { "dfilter_buttons", derive_dfilter_buttons },
    { "io_graphs", derive_io_graphs }, { "manual", derive_manual },
    { "fields", derive_fields },
};

int main(int argc, char **argv)
{
    const size_t count = sizeof products / sizeof products[0];

    for (size_t i = 0; argc == 2 && i < count; i++) {
        if (!strcmp(argv[1], products[i].name)) {
            products[i].derive();
            return 0;
        }
    }
    fprintf(stderr, "usage: derive PRODUCT, one of:");
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, " %s", products[i].name);
    fprintf(stderr, "\n");
    return 2;
}
