/* Every scenario of the folder through the core: the verdict is as expected, whatever the ISNs.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"
#include "replay.h"
#include "scenario.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

static struct files files;
static struct scenario scenario;
static struct replay replay;

static const uint32_t isns[][2] = {
    { 1000, 1000 },
    { UINT32_MAX - 2, UINT32_MAX - 2 },
    { 1000, UINT32_MAX - 2 },
    { UINT32_MAX - 2, 1000 },
};

/* The order of a table must not decide between two causes. */
static void check_draw(const char *path, const struct verdict *v)
{
    struct fitting fitting[FITTING_MAX];
    unsigned count = answers_weigh(&v->answers, fitting);

    ck_assert_msg(count < 2 || fitting[0].fit < FIT_POSSIBLE || fitting[0].rank > fitting[1].rank,
                  "%s: on frame %u %s and %s fit as well", path, v->frame,
                  cause_info(fitting[0].cause)->token, cause_info(fitting[1].cause)->token);
}

static void check_verdicts(const char *path, const uint32_t isn[2])
{
    char complaint[200];

    ck_assert_msg(replay_count(&replay) == scenario.expectation_count,
                  "%s: %zu verdicts, %zu expected", path, replay_count(&replay),
                  scenario.expectation_count);
    for (size_t i = 0; i < scenario.expectation_count; i++) {
        const struct expectation *expected = &scenario.expectation[i];
        uint32_t frame = scenario_expected_frame(&scenario, i);
        struct verdict verdict;

        ck_assert_msg(replay_find(&replay, frame, &verdict), "%s: no verdict on frame %u", path,
                      frame);
        ck_assert_msg(expectation_met(expected, &verdict, complaint, sizeof complaint),
                      "%s:%u: expected %s\n  of frame %u, ISNs %u and %u, but %s", path,
                      expected->line, expected->text, frame, isn[0], isn[1], complaint);
        ck_assert_msg(verdict.confidence != CONFIDENCE_LIKELY || verdict.repeat_of ||
                          verdict.alternative[0] != CAUSE_NONE,
                      "%s: what is likely on frame %u has no alternative", path, frame);
        check_draw(path, &verdict);
    }
}

START_TEST(the_verdict_is_as_expected)
{
    const char *path = files.path[_i];

    ck_assert_msg(scenario_read(&scenario, path), "%s", scenario.error);
    for (int i = 0; i < ROWS(isns); i++) {
        struct segment segment = { .frame = 0 };

        replay_start(&replay);
        for (size_t step = 0; step < scenario.step_count; step++) {
            segment = scenario_segment(&scenario, step, isns[i]);
            replay_segment(&replay, &segment);
        }
        replay_end(&replay, segment.time_ns + SCENARIO_GOES_ON_NS);
        check_verdicts(path, isns[i]);
    }
    scenario_free(&scenario);
}
END_TEST

/* A timeline proves a cause only if it expects it; the file's name says which one it is about. */
START_TEST(each_cause_is_proven)
{
    const struct cause_info *cause = &cause_table[_i];
    size_t length = strlen(cause->token);

    for (size_t i = 0; i < files.count; i++) {
        const char *name = strrchr(files.path[i], '/') + 1;

        if (strncmp(name, cause->token, length) != 0 || !strchr(".-", name[length]))
            continue;
        ck_assert_msg(scenario_read(&scenario, files.path[i]), "%s", scenario.error);
        for (size_t j = 0; j < scenario.expectation_count; j++)
            if (scenario.expectation[j].cause == cause->cause)
                return;
        scenario_free(&scenario);
    }
    ck_abort_msg("no scenarios/%s.seg or %s-*.seg that expects it", cause->token, cause->token);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("scenarios");

    if (!files_list(&files, SCENARIOS, ".seg")) {
        fprintf(stderr, "no scenario in " SCENARIOS "\n");
        return EXIT_FAILURE;
    }
    tcase_add_loop_test(tests, the_verdict_is_as_expected, 0, (int)files.count);
    tcase_add_loop_test(tests, each_cause_is_proven, 0, (int)cause_count);
    return suite_run_tests(suite_create("scenarios"), tests);
}
