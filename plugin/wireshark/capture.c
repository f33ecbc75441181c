/* What is known of the capture file that is open, and for as long.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture.h"

enum { TRAIL_STEPS = 1 << 16, ENDPOINTS = 1 << 12 };

static struct capture *now; /* NULL: none is open, or nobody has asked */
static unsigned epoch;

static void forget(void)
{
    now = NULL; /* its memory was the file's */
}

void capture_init(void)
{
    register_cleanup_routine(forget);
}

unsigned capture_epoch(void)
{
    return epoch;
}

static void begin(void)
{
    now = wmem_new0(wmem_file_scope(), struct capture);
    now->trail.capacity = TRAIL_STEPS;
    now->trail.steps = wmem_alloc(wmem_file_scope(), TRAIL_STEPS * sizeof(struct step));
    now->endpoints.capacity = ENDPOINTS;
    now->endpoints.slots = wmem_alloc0(wmem_file_scope(), ENDPOINTS * sizeof(struct endpoint));
    epoch++;
}

struct capture *capture_now(void)
{
    if (!now)
        begin();
    return now;
}

struct stream *capture_find_stream(uint32_t number)
{
    return now && number < now->streams_room ? now->streams[number] : NULL;
}

/* Wireshark numbers streams from 0 on without gaps. */
static void make_room(struct capture *capture, uint32_t number)
{
    uint32_t room = MAX(number + 1, 2 * capture->streams_room);

    if (number < capture->streams_room)
        return;
    capture->streams =
        wmem_realloc(wmem_file_scope(), capture->streams, room * sizeof *capture->streams);
    memset(capture->streams + capture->streams_room, 0,
           (room - capture->streams_room) * sizeof *capture->streams);
    capture->streams_room = room;
}

struct stream *capture_stream_of(const struct sighting *sighting)
{
    struct capture *capture = capture_now();
    struct stream *stream = capture_find_stream(sighting->stream);
    struct pair *pair;
    uint32_t key;

    if (stream)
        return stream;
    stream = wmem_new0(wmem_file_scope(), struct stream);
    for (int side = 0; side < 2; side++) {
        stream->endpoint[side] = sighting->endpoint[side];
        stream->address[side] = sighting->address[side];
    }
    stream->number = sighting->stream;
    make_room(capture, sighting->stream);
    capture->streams[sighting->stream] = stream;
    key = stream->endpoint[0] ^ stream->endpoint[1];
    pair = &capture->pair[key % PAIRS];
    stream->predecessor = pair->key == key ? pair->latest : NULL;
    *pair = (struct pair){ key, stream };
    return stream;
}
