/* Fuzzes the reader of scenarios: any text in; a good one is played, judged and written as frames.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenario.h"

#include "frame.h"
#include "fuzz.h"
#include "replay.h"

static struct scenario scenario;
static struct replay replay;
static struct frame frame;

static void play(void)
{
    static const uint32_t isn[2] = { 1000, UINT32_MAX - 2 };
    struct path path = { .host = { 1, 2 }, .port = { 1, 2 } };
    struct segment segment = { .frame = 0 };
    char complaint[200];

    replay_start(&replay);
    for (size_t step = 0; step < scenario.step_count; step++) {
        segment = scenario_segment(&scenario, step, isn);
        replay_segment(&replay, &segment);
        path.ipv6 = step & 1;
        frame_write(&frame, &path, &segment);
        require(frame.captured <= frame.size && frame.size <= FRAME_SIZE, "a frame too large");
    }
    replay_end(&replay, segment.time_ns + SCENARIO_GOES_ON_NS);
    for (size_t i = 0; i < scenario.expectation_count; i++) {
        struct verdict verdict;

        if (replay_find(&replay, scenario_expected_frame(&scenario, i), &verdict))
            expectation_met(&scenario.expectation[i], &verdict, complaint, sizeof complaint);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1);

    if (!text)
        exit(EXIT_FAILURE);
    if (size)
        memcpy(text, data, size);
    if (scenario_parse(&scenario, "fuzz", text))
        play();
    else
        require(scenario.error[0] != '\0', "refused without a word");
    scenario_free(&scenario);
    free(text);
    return 0;
}
