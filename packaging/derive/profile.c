/* The files of the profile "TCP Aborts".
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "derive.h"

#include "palette.h"

#include <stdio.h>

#define ALL      "tcp.abort"
#define HARMFUL  "tcp.abort && !tcp.abort.harmless"
#define HARMLESS "tcp.abort.harmless"
#define FIRST    "!tcp.abort.repeat_of" /* an abort counts once */

/* A column shows either what Wireshark has a format for or a field of ours. */
static const struct {
    const char *title, *format, *field;
    unsigned width; /* in pixels: the longest cause fits */
} columns[] = {
    { "No.", "%m", NULL, 50 },
    { "Time", "%t", NULL, 80 },
    { "Source", "%s", NULL, 120 },
    { "Destination", "%d", NULL, 120 },
    { "Protocol", "%p", NULL, 70 },
    { "Length", "%L", NULL, 60 },
    { "Cause", NULL, "tcp.abort.cause", 160 },
    { "Confidence", NULL, "tcp.abort.confidence", 90 },
    { "Ended by", NULL, "tcp.abort.by", 80 },
    { "Info", "%i", NULL, 600 },
};
static const size_t column_count = sizeof columns / sizeof columns[0];

void derive_preferences(void)
{
    printf("gui.column.format:");
    for (size_t i = 0; i < column_count; i++) {
        printf("%s\n\t\"%s\", ", i ? "," : "", columns[i].title);
        if (columns[i].field)
            printf("\"%%Cus:%s:0:R\"", columns[i].field);
        else
            printf("\"%s\"", columns[i].format);
    }
    /* Sentences need the width: list and details alone, one above the other. */
    printf("\ngui.layout_type: 2\ngui.layout_content_1: PLIST\ngui.layout_content_2: PDETAILS\n"
           "gui.layout_content_3: NONE\n");
}

void derive_recent(void)
{
    printf("column.width:");
    for (size_t i = 0; i < column_count; i++) {
        printf("%s", i ? ", " : " ");
        if (columns[i].field)
            printf("\"%%Cus:%s\"", columns[i].field);
        else
            printf("%s", columns[i].format);
        printf(", %u", columns[i].width);
    }
    printf("\n");
}

/* What is harmless comes last. */
static enum family family_at(size_t place)
{
    return (enum family)((FAMILY_HARMLESS + 1 + place) % family_count);
}

static void print_causes(enum family family)
{
    const char *comma = "";

    for (size_t i = 0; i < cause_count; i++) {
        if (cause_table[i].family == family) {
            printf("%s%s", comma, cause_table[i].token);
            comma = ", ";
        }
    }
}

static void print_family_filter(enum family family)
{
    printf("tcp.abort.cause in {");
    print_causes(family);
    printf("}");
}

/* Wireshark keeps 16 bits of each colour. */
static void print_colour(unsigned rgb)
{
    printf("[%u,%u,%u]", (rgb >> 16 & 0xff) * 0x101, (rgb >> 8 & 0xff) * 0x101,
           (rgb & 0xff) * 0x101);
}

static void print_colours(const struct palette *colours)
{
    printf("@");
    print_colour(colours->background);
    print_colour(colours->foreground);
    printf("\n");
}

/* The first rule that matches paints, and the rules of Wireshark follow these. */
void derive_colorfilters(void)
{
    printf("@TCP Abort: %s@" HARMLESS, palette_harmless.title);
    print_colours(&palette_harmless);
    for (size_t i = 0; i < family_count; i++) {
        printf("@TCP Abort: %s@", palette[family_at(i)].title);
        print_family_filter(family_at(i));
        print_colours(&palette[family_at(i)]);
    }
}

void derive_dfilters(void)
{
    printf("\"Harmful aborts\" " HARMFUL "\n\"All aborts\" " ALL "\n");
    for (size_t i = 0; i < family_count; i++) {
        printf("\"Aborts: %s\" ", palette[family_at(i)].title);
        print_family_filter(family_at(i));
        printf("\n");
    }
    for (size_t i = 0; i < cause_count; i++)
        printf("\"Abort: %s\" tcp.abort.cause == %s\n", cause_table[i].title, cause_table[i].token);
}

/* What follows "//" is an entry of a menu: the filter needs the room. */
void derive_dfilter_buttons(void)
{
    printf("\"TRUE\",\"Harmful aborts\",\"" HARMFUL "\",\"Aborts that broke something\"\n"
           "\"TRUE\",\"Aborts//All\",\"" ALL "\",\"Every verdict\"\n");
    for (size_t i = 0; i < family_count; i++) {
        printf("\"TRUE\",\"Aborts//%s\",\"", palette[family_at(i)].title);
        print_family_filter(family_at(i));
        printf("\",\"Aborts: ");
        print_causes(family_at(i));
        printf("\"\n");
    }
}

/* The same colour with so many parts of 8 of white in it. */
static unsigned paler(unsigned rgb, unsigned white)
{
    unsigned mixed = 0;

    for (unsigned shift = 0; shift < 24; shift += 8)
        mixed |= ((rgb >> shift & 0xff) * (8 - white) + 0xff * white) / 8 << shift;
    return mixed;
}

/* The causes of one family differ in their shades. */
static unsigned graph_colour(size_t row)
{
    unsigned before = 0;

    for (size_t i = 0; i < row; i++)
        before += cause_table[i].family == cause_table[row].family;
    return paler(palette[cause_table[row].family].graph, before < 3 ? before * 2 : 6);
}

void derive_io_graphs(void)
{
    static const char end[] = "\"Packets\",\"\",\"None\",\"1\"";

    printf("\"Enabled\",\"All aborts\",\"" ALL " && " FIRST "\",\"#000000\",\"Dot\",%s\n", end);
    for (size_t i = 0; i < cause_count; i++)
        printf("\"Enabled\",\"%s\",\"tcp.abort.cause == %s && " FIRST
               "\",\"#%06x\",\"Stacked Bar\",%s\n",
               cause_table[i].title, cause_table[i].token, graph_colour(i), end);
}
