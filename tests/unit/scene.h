/* Conversations in few words, for the tests of what is understood of them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SCENE_H
#define SCENE_H

#include "hear.h"
#include "suite.h"

#include <string.h>

enum { LINES_MAX = 6, LENGTH_MAX = 2000 };

/** What one side sends at a time.  Without a length it is as long as the text. */
struct line {
    unsigned side;
    const char *bytes;
    uint32_t size; /* of bytes; what is missing to `length` is filled with x */
    uint32_t length;
    uint32_t captured; /* 0: all of it */
    int64_t after_ms;  /* since the line before */
};

#define TEXT(who, text)                                                                            \
    {                                                                                              \
        .side = who, .bytes = text, .size = sizeof(text) - 1                                       \
    }
#define LONG(who, text, n)                                                                         \
    {                                                                                              \
        .side = who, .bytes = text, .size = sizeof(text) - 1, .length = n                          \
    }
#define SNAP(who, text, n, seen)                                                                   \
    {                                                                                              \
        .side = who, .bytes = text, .size = sizeof(text) - 1, .length = n, .captured = seen        \
    }
#define LATE(who, text, ms)                                                                        \
    {                                                                                              \
        .side = who, .bytes = text, .size = sizeof(text) - 1, .after_ms = ms                       \
    }

/** A conversation, and what is to be said of its last line and of the side that spoke it. */
struct scene {
    const char *name;
    enum speech speech;
    enum talk_farewell farewell;
    bool cut;
    struct line line[LINES_MAX];
};

/** Two sides, and where each is. */
struct stage {
    struct talk talk[2];
    uint32_t next[2];
    int64_t now_ms;
    uint16_t port[2]; /* of side 0 and side 1 */
};

static inline struct stage stage_at(uint32_t isn)
{
    return (struct stage){ .next = { isn, isn }, .port = { 49152, 53 } };
}

/** Hears a line where the side's last one ended; everything before it was acknowledged. */
static inline enum speech stage_hear(struct stage *stage, const struct line *line)
{
    static uint8_t buffer[LENGTH_MAX];
    unsigned side = line->side;
    struct segment segment = {
        .side = (uint8_t)side,
        .flags = SEGMENT_ACK,
        .seq = stage->next[side],
        .ack = stage->next[!side],
        .len = line->length ? line->length : line->size,
        .payload = line->captured == UINT32_MAX ? NULL : buffer,
        .port = { stage->port[side], stage->port[!side] },
    };

    memset(buffer, 'x', sizeof buffer);
    memcpy(buffer, line->bytes, line->size);
    stage->now_ms += line->after_ms;
    segment.time_ns = stage->now_ms * 1000000;
    segment.captured = line->captured ? line->captured : segment.len;
    if (!segment.payload)
        segment.captured = 0;
    stage->next[side] += segment.len;
    return talk_hear(&stage->talk[side], &stage->talk[!side], &segment);
}

static inline unsigned scene_lines(const struct line *line)
{
    unsigned count = 0;

    while (count < LINES_MAX && line[count].bytes)
        count++;
    return count;
}

/** Plays the lines; returns what the last one amounts to. */
static inline enum speech stage_play(struct stage *stage, const struct line *line)
{
    enum speech speech = SPEECH_NONE;

    for (unsigned i = 0; i < scene_lines(line); i++)
        speech = stage_hear(stage, &line[i]);
    return speech;
}

/** Plays the scene from several initial sequence numbers. */
static inline void scene_is_understood(const struct scene *scene)
{
    static const uint32_t isns[] = { 1, UINT32_MAX - 3, UINT32_MAX - 60 };
    unsigned last = scene->line[scene_lines(scene->line) - 1].side;

    for (int i = 0; i < ROWS(isns); i++) {
        struct stage stage = stage_at(isns[i]);
        enum speech speech = stage_play(&stage, scene->line);
        const struct talk *talk = &stage.talk[last];

        ck_assert_msg(speech == scene->speech, "%s: speech %d, expected %d", scene->name, speech,
                      scene->speech);
        ck_assert_msg(talk->farewell == scene->farewell, "%s: farewell %d, expected %d",
                      scene->name, talk->farewell, scene->farewell);
        ck_assert_msg(talk_is_cut(talk) == scene->cut, "%s: cut %d", scene->name,
                      talk_is_cut(talk));
    }
}

#endif
