/* Renders scenarios as one capture: each once for each address family, ISN and arrangement of
 * hosts. SPDX-License-Identifier: GPL-2.0-or-later
 *
 * On standard output, for each: `scenario 0 PATH`, `expect FRAME WORDS` for each verdict with
 * the numbers of the scenario, and `rendering FRAMES NAME` for each rendering. */
#include "frame.h"

#include <stdio.h>

enum {
    FIRST_DAY_S = 1000000000,
    PAUSE_S = 20000, /* between renderings: longer than any scenario */
};

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
    int64_t start_s = FIRST_DAY_S + (int64_t)path->net * PAUSE_S;

    for (size_t i = 0; i < scenario->step_count; i++) {
        struct segment segment = scenario_segment(scenario, i, isn);

        frame_write(&frame, path, &segment);
        write_frame(file, &frame, segment.time_ns + start_s * 1000000000);
    }
}

/* `net` is the latest used so far: each rendering has one of its own. */
static void render_all(FILE *file, const struct scenario *scenario, uint16_t *net)
{
    static const uint32_t isns[2][2] = { { 1000, UINT32_MAX - 2 }, { UINT32_MAX - 2, 1000 } };

    for (unsigned i = 0; i < 8; i++) {
        bool ipv6 = i & 1, wrap = i & 2, swap = i & 4, swap_ports = swap && scenario->has_syn;
        struct path path = {
            .ipv6 = ipv6,
            .net = ++*net,
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
    for (size_t i = 0; i < scenario->expectation_count; i++)
        printf("expect %u %s\n", scenario_expected_frame(scenario, i),
               scenario->expectation[i].text);
}

static bool add_scenario(FILE *file, const char *path, uint16_t *net)
{
    static struct scenario scenario;
    bool good = scenario_read(&scenario, path);

    if (good) {
        printf("scenario 0 %s\n", path);
        print_expectations(&scenario);
        render_all(file, &scenario, net);
    } else {
        fprintf(stderr, "%s\n", scenario.error);
    }
    scenario_free(&scenario);
    return good;
}

int main(int argc, char **argv)
{
    FILE *file;
    uint16_t net = 0;
    bool good = true;

    if (argc < 3) {
        fprintf(stderr, "usage: seg2pcap CAPTURE.pcap SCENARIO.seg...\n");
        return 2;
    }
    if (!(file = fopen(argv[1], "wb"))) {
        perror(argv[1]);
        return 1;
    }
    write_header(file);
    for (int i = 2; i < argc; i++)
        good &= add_scenario(file, argv[i], &net);
    return !fclose(file) && good ? 0 : 1;
}
