/* The causes as sections of a manual page, in the macros of man(7).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "derive.h"

#include "palette.h"
#include "roff.h"

#include <stdio.h>

static void label(const char *text)
{
    roff_macro("TP 16");
    roff_text(text);
    roff_break();
}

static void item(const char *name, const char *text)
{
    if (!text)
        return;
    label(name);
    roff_text(text);
    roff_break();
}

/* What a detail has of its own. */
static void detail(const struct detail_info *row)
{
    roff_bold(row->token);
    roff_text(": ");
    roff_text(row->means);
    roff_text(".");
    if (row->severity != SEVERITY_DEFAULT) {
        roff_text(" Severity: ");
        roff_text(derive_severity_name(row->severity));
        roff_text(".");
    }
    if (row->receiver_sees) {
        roff_text(" The other side sees: ");
        roff_text(row->receiver_sees);
        roff_text(".");
    }
    if (row->check) {
        roff_text(" ");
        roff_text(row->check);
    }
    if (row->sees) {
        roff_text(" It rests on ");
        roff_text(row->sees);
        roff_text(". Fooled by: ");
        roff_text(row->fooled_by);
        roff_text(". Known from: ");
        roff_text(row->source);
        roff_text(". Nearest is ");
        roff_text(row->neighbour);
        roff_text(".");
    }
    roff_break();
}

static void details(enum cause cause)
{
    bool any = false;

    for (size_t i = 0; i < detail_count; i++) {
        if (detail_table[i].cause != cause)
            continue;
        if (any)
            roff_macro("br");
        else
            label("Details");
        detail(&detail_table[i]);
        any = true;
    }
}

static void heading(const struct cause_info *cause)
{
    roff_macro("SS");
    roff_text(cause->token);
    roff_text(": ");
    roff_text(cause->title);
    roff_break();
}

static void footing(const struct cause_info *cause)
{
    label("Severity");
    roff_text(derive_severity_name(cause->severity));
    roff_text("; a button and a colour of the profile: ");
    roff_text(palette[cause->family].title);
    roff_break();
    item("Standard", cause->rfc);
    label("Example");
    roff_text("captures/");
    roff_text(cause->example);
    roff_text(".pcap");
    roff_break();
}

void derive_manual(void)
{
    for (size_t i = 0; i < cause_count; i++) {
        const struct cause_info *cause = &cause_table[i];

        heading(cause);
        roff_text(cause->means);
        roff_break();
        roff_macro("PD 0");
        item("Resetting side", cause->sender_sees);
        item("Other side", cause->receiver_sees);
        item("Check", cause->check);
        item("It is this", cause->decides);
        item("Rests on", cause->sees);
        item("Fooled by", cause->fooled_by);
        item("Known from", cause->source);
        item("Nearest", cause->neighbour);
        details(cause->cause);
        footing(cause);
        roff_macro("PD");
    }
}

void derive_fields(void)
{
    static const struct {
        const char *name, *meaning;
    } fields[] = {
#define FIELD(id, label, name, type, meaning) { name, meaning },
#include "fields.def"
    };

    roff_macro("PD 0");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        roff_macro("TP");
        roff_bold(fields[i].name);
        roff_break();
        roff_text(fields[i].meaning);
        roff_break();
    }
    roff_macro("PD");
}
