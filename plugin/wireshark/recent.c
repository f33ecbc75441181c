/* The streams of late, by their addresses and ports.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "recent.h"

#include <epan/address.h>

enum { NOTES = 1 << 12, ADDRESS_MAX = 16 };

/** What is kept of an end. */
struct kept {
    uint8_t address[ADDRESS_MAX];
    int type;  /* of the address, as is `bytes` */
    int bytes; /* 0: nothing is kept */
    uint16_t port;
};

struct note {
    struct kept end[2];
    uint32_t stream;
    uint32_t age;
};

static struct note notes[NOTES];
static uint32_t age; /* notes of another do not hold */

void recent_forget(void)
{
    age++;
}

void recent_init(void)
{
    register_init_routine(recent_forget);
}

static struct note *note_of(const struct end end[2])
{
    return &notes[(end[0].hash ^ end[1].hash) % NOTES];
}

static bool is_kept(const struct kept *kept, const struct end *end)
{
    return kept->port == end->port && kept->type == end->address->type &&
           kept->bytes == end->address->len &&
           !memcmp(kept->address, end->address->data, (size_t)kept->bytes);
}

bool recent_find(const struct end end[2], uint32_t *stream)
{
    const struct note *note = note_of(end);
    const struct kept *kept = note->end;

    if (note->age != age || !kept[0].bytes ||
        !((is_kept(&kept[0], &end[0]) && is_kept(&kept[1], &end[1])) ||
          (is_kept(&kept[0], &end[1]) && is_kept(&kept[1], &end[0]))))
        return false;
    *stream = note->stream;
    return true;
}

static struct kept keep(const struct end *end)
{
    const address *address = end->address;
    struct kept kept = { .port = end->port, .type = address->type };

    if (address->len > 0 && address->len <= ADDRESS_MAX) {
        kept.bytes = address->len;
        memcpy(kept.address, address->data, (size_t)address->len);
    }
    return kept;
}

void recent_note(const struct end end[2], uint32_t stream)
{
    *note_of(end) = (struct note){ { keep(&end[0]), keep(&end[1]) }, stream, age };
}
