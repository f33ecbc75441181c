/* Renders a scenario as a capture: once for each address family, ISN and arrangement of hosts.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * On standard output: `rendering FRAMES NAME` for each, and `expect RST-FRAME WORDS` for each
 * RST, with the numbers of the scenario. */
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAUSE_S = 100000 }; /* between renderings: longer than any scenario */

static void write32(FILE *file, uint32_t value)
{
    fwrite(&value, sizeof value, 1, file);
}

static void write_header(FILE *file)
{
    write32(file, 0xa1b2c3d4);
    write32(file, 4U << 16 | 2);
    write32(file, 0);
    write32(file, 0);
    write32(file, 262144);
    write32(file, 1); /* Ethernet */
}

static void write_frame(FILE *file, const struct frame *frame, int64_t time_ns)
{
    write32(file, (uint32_t)(time_ns / 1000000000));
    write32(file, (uint32_t)(time_ns % 1000000000 / 1000));
    write32(file, (uint32_t)frame->captured);
    write32(file, (uint32_t)frame->size);
    fwrite(frame->byte, frame->captured, 1, file);
}

static void render(FILE *file, const struct scenario *scenario, const struct path *path,
                   const uint32_t isn[2])
{
    static struct frame frame;

    for (size_t i = 0; i < scenario->step_count; i++) {
        struct segment segment = scenario_segment(scenario, i, isn);
        int64_t start_s = 1000000000 + (int64_t)path->net * PAUSE_S;

        frame_write(&frame, path, &segment, &scenario->step[i].options);
        write_frame(file, &frame, segment.time_ns + start_s * 1000000000);
    }
}

static void render_all(FILE *file, const struct scenario *scenario)
{
    static const uint32_t isns[2][2] = { { 1000, UINT32_MAX - 2 }, { UINT32_MAX - 2, 1000 } };

    for (unsigned i = 0; i < 8; i++) {
        bool ipv6 = i & 1, wrap = i & 2, swap = i & 4, swap_ports = swap && scenario->has_syn;
        struct path path = {
            .ipv6 = ipv6,
            .net = (uint16_t)(i + 1),
            .host = { swap ? 2 : 1, swap ? 1 : 2 },
            .port = { scenario->port[swap_ports], scenario->port[!swap_ports] },
        };

        if (ipv6 && scenario->ipv4_only)
            continue;
        render(file, scenario, &path, isns[wrap]);
        printf("rendering %zu %s%s%s\n", scenario->step_count, ipv6 ? "ipv6" : "ipv4",
               wrap ? ", other ISNs" : "", swap ? ", hosts swapped" : "");
    }
}

static void print_expectations(const struct scenario *scenario)
{
    size_t next = 0;

    for (size_t i = 0; i < scenario->step_count; i++)
        if (segment_has(&scenario->step[i].segment, SEGMENT_RST))
            printf("expect %zu %s\n", i + 1, scenario->expectation[next++].text);
}

int main(int argc, char **argv)
{
    static struct scenario scenario;
    FILE *file;

    if (argc != 3) {
        fprintf(stderr, "usage: seg2pcap SCENARIO.seg CAPTURE.pcap\n");
        return 2;
    }
    if (!scenario_read(&scenario, argv[1])) {
        fprintf(stderr, "%s\n", scenario.error);
        scenario_free(&scenario);
        return 1;
    }
    if (!(file = fopen(argv[2], "wb"))) {
        perror(argv[2]);
        scenario_free(&scenario);
        return 1;
    }
    write_header(file);
    render_all(file, &scenario);
    print_expectations(&scenario);
    scenario_free(&scenario);
    return fclose(file) ? 1 : 0;
}
