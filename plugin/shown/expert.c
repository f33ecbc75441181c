/* One expert info per cause.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "expert.h"

#include "settings.h"

#include <epan/expert.h>
#include <epan/tap.h>

/* Wireshark fixes an info's severity when it is registered; a detail may soften the cause's, so
 * each cause has one under the same filter name for every severity. */
static const int severities[] = { PI_CHAT, PI_NOTE, PI_WARN };

enum { SEVERITIES = G_N_ELEMENTS(severities) };

static expert_field *fields;

static expert_field *field_of(enum cause cause, enum severity severity)
{
    return &fields[(cause_info(cause) - cause_table) * SEVERITIES + severity - SEVERITY_CHAT];
}

void expert_register(int proto)
{
    size_t count = cause_count * SEVERITIES;
    static ei_register_info *infos; /* Wireshark keeps it */

    infos = g_new0(ei_register_info, count);
    fields = g_new(expert_field, count);
    for (size_t i = 0; i < count; i++) {
        const struct cause_info *cause = &cause_table[i / SEVERITIES];

        fields[i] = (expert_field)EI_INIT;
        infos[i] = (ei_register_info){
            .ids = &fields[i],
            .eiinfo = { .name = cause->filter,
                        .group = cause->family == FAMILY_FORGED ? PI_SECURITY : PI_SEQUENCE,
                        .severity = severities[i % SEVERITIES],
                        .summary = cause->title,
                        EXPFILL },
        };
    }
    expert_register_field_array(expert_register_protocol(proto), infos, (int)count);
}

/* Whether anybody reads it; Wireshark's tap comes to be after this plugin. */
static bool is_read(const proto_item *root)
{
    static int tap;

    if (!tap)
        tap = find_tap_id("expert");
    return root || have_tap_listener(tap);
}

void expert_show(packet_info *pinfo, proto_item *root, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    enum severity severity = verdict_is_harmless(v) ? settings->harmless : v->severity;
    expert_field *field = field_of(v->cause, severity);

    if (is_read(root))
        expert_add_info_format(pinfo, root, field, "%s", prose_headline(scene));
    else if (pinfo->cinfo) /* a column may show the severity */
        expert_add_info(pinfo, NULL, field);
}
