/* Writes scenarios as inputs of the core's fuzzer, one for each.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "core.h"

#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scenario scenario;

static void put16(FILE *file, uint32_t value)
{
    fputc((int)(value >> 8 & 0xff), file);
    fputc((int)(value & 0xff), file);
}

static uint8_t duration(int64_t ns)
{
    int64_t us = ns / 1000;
    unsigned shift = 0;

    for (; us > 15; us /= 4)
        shift++;
    return (uint8_t)(shift << 4 | (unsigned)us);
}

static void write_segment(FILE *file, const struct segment *seg, int64_t pause_ns,
                          const uint32_t next[2])
{
    uint8_t captured = seg->captured > 255 ? 255 : (uint8_t)seg->captured;
    uint8_t shift = seg->window_shift == SEGMENT_NO_SHIFT ? 15 : seg->window_shift;

    fputc(seg->flags | (seg->side ? CORE_OTHER_SIDE : 0), file);
    fputc((seg->has_timestamp ? CORE_TIMESTAMP : 0) | seg->option_count, file);
    put16(file, seg->seq - next[seg->side]);
    put16(file, seg->ack - next[!seg->side]);
    fputc(duration(pause_ns), file);
    fputc(seg->window / 257, file);
    fputc(seg->ttl, file);
    fputc(1, file);
    fputc(shift, file);
    put16(file, seg->len);
    fputc(captured, file);
    fwrite(seg->payload, 1, captured, file);
}

static void write_scenario(FILE *file)
{
    static const uint32_t isn[2] = { CORE_FIRST_ISN, CORE_FIRST_ISN };
    uint32_t next[2] = { CORE_FIRST_ISN, CORE_FIRST_ISN };
    int64_t before_ns = 0;

    fputc(7, file);
    for (size_t i = 0; i < scenario.step_count; i++) {
        struct segment seg = scenario_segment(&scenario, i, isn);

        write_segment(file, &seg, seg.time_ns - before_ns, next);
        before_ns = seg.time_ns;
        if (!(seg.flags & SEGMENT_RST) && (int32_t)(segment_end(&seg) - next[seg.side]) > 0)
            next[seg.side] = segment_end(&seg);
    }
}

static int convert(const char *folder, const char *path)
{
    const char *slash = strrchr(path, '/');
    char name[4096];
    FILE *file = NULL;
    int written = 0;

    snprintf(name, sizeof name, "%s/%s", folder, slash ? slash + 1 : path);
    if (!scenario_read(&scenario, path))
        fprintf(stderr, "%s\n", scenario.error);
    else if (!(file = fopen(name, "wb")))
        perror(name);
    if (file) {
        write_scenario(file);
        written = !fclose(file);
    }
    scenario_free(&scenario);
    return written;
}

int main(int argc, char **argv)
{
    int good = argc > 2;

    if (!good)
        fprintf(stderr, "usage: fuzz_seeds FOLDER SCENARIO.seg...\n");
    for (int i = 2; i < argc; i++)
        good &= convert(argv[1], argv[i]);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
