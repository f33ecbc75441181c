/* What the plugin says, in the language that is wanted.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "say.h"

#include "chinese.h"
#include "settings.h"

const char *say(const char *english)
{
    const char *other = settings->language == LANGUAGE_CHINESE ? chinese(english) : NULL;

    return other ? other : english;
}

int say_columns(const char *text)
{
    int columns = 0;

    for (; *text; text += g_utf8_skip[(unsigned char)*text])
        columns += g_unichar_iswide(g_utf8_get_char(text)) ? 2 : 1;
    return columns;
}

/* Wireshark keeps the rows it was given when they were registered, and looks into them whenever it
 * writes a row of the tree. */
void say_fields(void)
{
    static const struct {
        const char *name, *label, *meaning;
    } fields[] = {
#define FIELD(id, label, name, type, meaning) { name, label, meaning },
#include "fields.def"
    };

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        header_field_info *field = proto_registrar_get_byname(fields[i].name);

        field->name = say(fields[i].label);
        field->blurb = say(fields[i].meaning);
    }
}
