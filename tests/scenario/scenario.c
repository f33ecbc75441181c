/* A connection written down as text: the lines of a file.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenario.h"

#include "step_line.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool complain(struct scenario *scenario, const char *name, unsigned line,
                     const char *message)
{
    snprintf(scenario->error, sizeof scenario->error, "%s:%u: %s", name, line, message);
    return false;
}

static bool read_confidence(struct expectation *expected, const char *word)
{
    static const char *const words[] = { "possible", "likely", "certain" };
    bool at_most = !strncmp(word, "<=", 2), at_least = !strncmp(word, ">=", 2);

    if (at_most || at_least)
        word += 2;
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(word, words[i]) != 0)
            continue;
        expected->at_least = at_most ? CONFIDENCE_POSSIBLE : (enum confidence)(i + 1);
        expected->at_most = at_least ? CONFIDENCE_CERTAIN : (enum confidence)(i + 1);
        return true;
    }
    return false;
}

static const char *read_key(struct expectation *expected, char *word)
{
    char *value = strchr(word, '=');

    if (!value)
        return "not KEY=VALUE";
    *value++ = '\0';
    if (!expectation_knows(word))
        return "unknown key";
    if (expected->key_count == EXPECTATION_KEYS || strlen(value) >= WORD_SIZE)
        return "too many keys, or too long a value";
    strcpy(expected->key[expected->key_count].name, word);
    strcpy(expected->key[expected->key_count].value, value);
    expected->key_count++;
    return NULL;
}

static const char *read_expectation(struct scenario *scenario, char *rest, uint32_t frame,
                                    unsigned line)
{
    struct expectation *expected = &scenario->expectation[scenario->expectation_count];
    char *word, *detail;

    rest += strspn(rest, " \t");
    if (!strcmp(rest, "none") && !frame) {
        scenario->expects_none = true;
        return NULL;
    }
    if (scenario->expectation_count == SCENARIO_EXPECTATIONS)
        return "too many expectations";
    *expected = (struct expectation){ .line = line, .frame = frame };
    snprintf(expected->text, sizeof expected->text, "%s", rest);
    if (!(word = word_next(&rest)))
        return "expect what?";
    if ((detail = strchr(word, '/')))
        *detail++ = '\0';
    if (!(expected->cause = cause_by_token(word)))
        return "unknown cause";
    if (detail && !(expected->detail = detail_by_token(detail)))
        return "unknown detail";
    if (detail && !detail_refines(expected->detail, expected->cause))
        return "that detail belongs to another cause";
    if (!(word = word_next(&rest)) || !read_confidence(expected, word))
        return "the cause is followed by possible, likely or certain";
    while ((word = word_next(&rest))) {
        const char *problem = read_key(expected, word);

        if (problem)
            return problem;
    }
    scenario->expectation_count++;
    return NULL;
}

/* Of an end without a reset: it stands on the last thing sent, or on the FIN. */
static const char *read_end(struct scenario *scenario, char *rest, unsigned line)
{
    uint32_t frame;

    if (!word_number(word_next(&rest), &frame) || !frame)
        return "the number of the segment is missing";
    return read_expectation(scenario, rest, frame, line);
}

static const char *read_ports(struct scenario *scenario, char *rest)
{
    for (unsigned i = 0; i < 2; i++) {
        uint32_t port;

        if (!word_number(word_next(&rest), &port) || !port || port > UINT16_MAX)
            return "ports are two numbers, of A and of B";
        scenario->port[i] = (uint16_t)port;
    }
    return NULL;
}

static const char *read_line(struct scenario *scenario, char *rest, unsigned line)
{
    char *word;

    rest[strcspn(rest, "\r\n")] = '\0';
    rest += strspn(rest, " \t");
    if (!*rest || *rest == '#')
        return NULL;
    word = word_next(&rest);
    if (!strcmp(word, "expect"))
        return read_expectation(scenario, rest, 0, line);
    if (!strcmp(word, "silent") || !strcmp(word, "fin"))
        return read_end(scenario, rest, line);
    if (!strcmp(word, "ports"))
        return read_ports(scenario, rest);
    if (!strcmp(word, "over")) {
        scenario->ipv4_only = true;
        return !strcmp(rest + strspn(rest, " \t"), "ipv4") ? NULL : "only `over ipv4` is known";
    }
    if (*word == '+' || *word == '-')
        return step_line_read(scenario, word, rest, line);
    return "expected `expect`, `silent`, `fin`, `ports`, `over`, a comment or a segment that "
           "starts with "
           "+TIME";
}

static size_t count_resets(const struct scenario *scenario)
{
    size_t count = 0;

    for (size_t i = 0; i < scenario->step_count; i++)
        count += segment_has(&scenario->step[i].segment, SEGMENT_RST);
    return count;
}

static size_t count_expected_resets(const struct scenario *scenario)
{
    size_t count = 0;

    for (size_t i = 0; i < scenario->expectation_count; i++)
        count += !scenario->expectation[i].frame;
    return count;
}

static const char *check_whole(const struct scenario *scenario)
{
    if (!scenario->step_count)
        return "no segment";
    if (scenario->step[0].segment.side != 0)
        return "A speaks first";
    if (scenario->expects_none && scenario->expectation_count)
        return "`expect none` stands alone";
    if (!scenario->expects_none && !scenario->expectation_count)
        return "nothing is expected, not even none";
    if (count_expected_resets(scenario) != count_resets(scenario))
        return "one `expect` for each RST, in order";
    return NULL;
}

bool scenario_parse(struct scenario *scenario, const char *name, const char *text)
{
    char line[4096];
    unsigned number = 0;
    const char *problem;

    *scenario = (struct scenario){ .port = { 49152, 80 } };
    while (*text) {
        size_t length = strcspn(text, "\n");

        number++;
        if (length >= sizeof line)
            return complain(scenario, name, number, "line too long");
        memcpy(line, text, length);
        line[length] = '\0';
        if ((problem = read_line(scenario, line, number)))
            return complain(scenario, name, number, problem);
        text += length + (text[length] == '\n');
    }
    problem = check_whole(scenario);
    return problem ? complain(scenario, name, number, problem) : true;
}

bool scenario_read(struct scenario *scenario, const char *path)
{
    static char text[1 << 18];
    const char *slash = strrchr(path, '/');
    FILE *file = fopen(path, "rb");
    size_t size;

    *scenario = (struct scenario){ .step_count = 0 };
    if (!file)
        return complain(scenario, path, 0, "cannot be read");
    size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    return scenario_parse(scenario, slash ? slash + 1 : path, text);
}

void scenario_free(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->step_count; i++) {
        free((void *)(uintptr_t)scenario->step[i].segment.payload);
        scenario->step[i].segment.payload = NULL;
    }
}

uint32_t scenario_expected_frame(const struct scenario *scenario, size_t expectation)
{
    size_t nth = 0;

    if (scenario->expectation[expectation].frame)
        return scenario->expectation[expectation].frame;
    for (size_t i = 0; i < expectation; i++)
        nth += !scenario->expectation[i].frame;
    for (size_t i = 0; i < scenario->step_count; i++)
        if (segment_has(&scenario->step[i].segment, SEGMENT_RST) && !nth--)
            return (uint32_t)i + 1;
    return 0;
}

struct segment scenario_segment(const struct scenario *scenario, size_t step, const uint32_t isn[2])
{
    const struct scenario_step *line = &scenario->step[step];
    struct segment segment = line->segment;

    if (!line->raw_seq)
        segment.seq += isn[segment.side];
    if (!line->raw_ack && segment_has(&segment, SEGMENT_ACK))
        segment.ack += isn[!segment.side];
    segment.options = segment.option_bytes ? line->options.byte : NULL;
    segment.frame = (uint32_t)step + 1;
    return segment;
}
