/* The ways a capture may be changed.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "way.h"

#include "company.h"
#include "duration.h"
#include "hash.h"
#include "limit.h"
#include "oddity.h"
#include "trial.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PORTS = 1 << 16, PER_CENT = 100, FLIPPED = 0x55 };

static struct segment *segment_of(struct take *take)
{
    return &take->sighting.segment;
}

static bool are_of_the_same_ends(const struct take *a, const struct take *b)
{
    const uint16_t *port = a->sighting.segment.port, *other = b->sighting.segment.port;

    for (int i = 0; i < 2; i++)
        if (port[0] == other[i] && port[1] == other[!i] &&
            !memcmp(a->address[0], b->address[i], ADDRESS_BYTES_MAX) &&
            !memcmp(a->address[1], b->address[!i], ADDRESS_BYTES_MAX))
            return true;
    return false;
}

/* xorshift; never 0. */
static uint32_t roll(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static uint32_t dice(int64_t seed)
{
    uint32_t state = (uint32_t)(seed + 1) * UINT32_C(2654435761);

    return state ? state : 1;
}

static void leave(struct tape *tape, const struct way *way)
{
    (void)tape;
    (void)way;
}

static void shift_time(struct tape *tape, const struct way *way)
{
    int64_t shift_ns = way->number[0] * 1000 * DURATION_MS;

    for (size_t i = 0; i < tape->count; i++)
        segment_of(&tape->take[i])->time_ns += shift_ns;
    tape->end_ns += shift_ns;
}

/*
 * Each direction of a pair of ports has a distance of its own, so that streams which share numbers
 * go on sharing them.  What a stack writes in place of a number stays that: 0, and in a RST without
 * ACK its own seq.
 */
static void shift_numbers(struct tape *tape, const struct way *way)
{
    for (size_t i = 0; i < tape->count; i++) {
        struct segment *seg = segment_of(&tape->take[i]);
        uint32_t seed = HASH_START + (uint32_t)way->number[0];
        uint32_t own = hash_port(hash_port(seed, seg->port[0]), seg->port[1]) * 65599;
        uint32_t other = hash_port(hash_port(seed, seg->port[1]), seg->port[0]) * 65599;
        bool is_reset = seg->flags & SEGMENT_RST;

        if (is_reset && !(seg->flags & SEGMENT_ACK) && seg->ack == seg->seq)
            seg->ack += own;
        else if (seg->ack)
            seg->ack += other;
        if (!is_reset || seg->seq)
            seg->seq += own;
    }
}

static void flip_addresses(struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++)
        for (int end = 0; end < 2; end++)
            for (unsigned byte = 0; byte < tape->take[i].sighting.address_bytes; byte++)
                tape->take[i].address[end][byte] ^= FLIPPED;
}

/* A framing rests on them. */
static bool is_known_port(unsigned port)
{
    return port == 53 || port == 5094;
}

static void mark_ports(const struct tape *tape, bool *met)
{
    memset(met, 0, PORTS * sizeof *met);
    for (size_t i = 0; i < tape->count; i++)
        for (int end = 0; end < 2; end++)
            met[tape->take[i].sighting.segment.port[end]] = true;
}

static void set_ports(struct tape *tape, const uint16_t *to)
{
    for (size_t i = 0; i < tape->count; i++)
        for (int end = 0; end < 2; end++) {
            uint16_t *port = &segment_of(&tape->take[i])->port[end];

            *port = to[*port];
        }
}

/* Each port by its rank: who is higher stays higher. */
static void move_ends(struct tape *tape, const struct way *way)
{
    static bool met[PORTS];
    static uint16_t to[PORTS];
    unsigned low = 100, high = 6000;

    (void)way;
    flip_addresses(tape);
    mark_ports(tape, met);
    for (unsigned port = 0; port < PORTS; port++) {
        if (!met[port])
            continue;
        if (is_known_port(port) || port < 53)
            to[port] = (uint16_t)port;
        else
            to[port] = (uint16_t)(port < 5094 ? (low += 2) : (high += 3));
    }
    if (low < 5094 && high < PORTS)
        set_ports(tape, to);
}

static bool begins_with_syn(const struct tape *tape, size_t n)
{
    const struct take *take = &tape->take[n];

    for (size_t i = 0; i < n; i++)
        if (are_of_the_same_ends(&tape->take[i], take))
            return true; /* it does not begin here */
    return (take->sighting.segment.flags & (SEGMENT_SYN | SEGMENT_RST)) == SEGMENT_SYN &&
           !take->sighting.quoted;
}

static void mirror_ports(struct tape *tape, const struct way *way)
{
    static uint16_t to[PORTS];
    static bool met[PORTS];

    (void)way;
    mark_ports(tape, met);
    for (unsigned port = 0; port < PORTS; port++) {
        to[port] = (uint16_t)(PORTS - 1 - port);
        if (met[port] && is_known_port(port))
            return;
    }
    for (size_t i = 0; i < tape->count; i++)
        if (!begins_with_syn(tape, i))
            return;
    set_ports(tape, to);
}

static void keep_company(struct tape *tape, const struct way *way)
{
    struct tape company = company_for(tape);

    (void)way;
    tape_weave(tape, &company);
    tape_free(&company);
}

/* What the other shows within the time of this one, between other addresses. */
static void merge(struct tape *tape, const struct way *way)
{
    struct tape guests = { .take = NULL };
    int64_t shift_ns;

    if (!way->other || !way->other->count || !tape->count)
        return;
    shift_ns = segment_of(tape->take)->time_ns - way->other->take[0].sighting.segment.time_ns;
    for (size_t i = 0; i < way->other->count; i++) {
        struct take take = way->other->take[i];

        segment_of(&take)->time_ns += shift_ns;
        take.origin = 0;
        if (segment_of(&take)->time_ns < tape->end_ns)
            tape_add(&guests, &take);
    }
    flip_addresses(&guests);
    tape_weave(tape, &guests);
    tape_free(&guests);
}

static void copy_behind(struct tape *tape, int64_t us, uint8_t hops)
{
    struct tape copies = { .take = NULL };

    for (size_t i = 0; i < tape->count; i++) {
        struct take take = tape->take[i];

        take.is_copy = true;
        segment_of(&take)->time_ns += us * DURATION_US;
        if (segment_of(&take)->ttl > hops)
            segment_of(&take)->ttl = (uint8_t)(segment_of(&take)->ttl - hops);
        tape_add(&copies, &take);
    }
    tape_weave(tape, &copies);
    tape_free(&copies);
}

static void copy_all(struct tape *tape, const struct way *way)
{
    copy_behind(tape, way->number[0], 0);
}

static void copy_routed(struct tape *tape, const struct way *way)
{
    copy_behind(tape, way->number[0], 1);
}

static bool are_close(const struct take *a, const struct take *b, int64_t us)
{
    return duration_distance_ns(a->sighting.segment.time_ns, b->sighting.segment.time_ns) <=
           us * DURATION_US;
}

static void swap(struct take *a, struct take *b)
{
    struct take kept = *a;

    *a = *b;
    *b = kept;
}

/* Each keeps its time. */
static void swap_strangers(struct tape *tape, const struct way *way)
{
    for (size_t i = 0; i + 1 < tape->count; i++) {
        struct take *a = &tape->take[i], *b = a + 1;

        if (are_of_the_same_ends(a, b) || !are_close(a, b, way->number[0]))
            continue;
        swap(a, b);
        i++;
    }
}

static void swap_times(struct take *a, struct take *b)
{
    int64_t time_ns = segment_of(a)->time_ns;

    segment_of(a)->time_ns = segment_of(b)->time_ns;
    segment_of(b)->time_ns = time_ns;
}

static void swap_with_trigger(void *context, const struct trial *trial, const struct ruled *ruled,
                              const struct verdict *verdict)
{
    struct tape *tape = context;
    struct take *trigger = &tape->take[verdict->frame - 2], *rst = trigger + 1;

    (void)trial;
    (void)ruled;
    if (verdict->repeat_of || !verdict->trigger || verdict->trigger + 1 != verdict->frame ||
        !are_close(trigger, rst, LIMIT_OVERTAKEN_MS * DURATION_MS / DURATION_US))
        return;
    swap(trigger, rst);
    swap_times(trigger, rst);
}

/* The two change places and times. */
static void let_resets_overtake(struct tape *tape, const struct way *way)
{
    struct trial trial;

    (void)way;
    trial_begin(&trial, &memory_default);
    for (size_t i = 0; i < tape->count; i++)
        trial_hear(&trial, tape_sighting(tape, i));
    trial_tell_all(&trial, swap_with_trigger, tape);
    trial_end(&trial);
}

static void strip_timestamps(struct tape *tape, const struct way *way)
{
    (void)way;
    for (size_t i = 0; i < tape->count; i++) {
        struct segment *seg = segment_of(&tape->take[i]);

        if (!seg->has_timestamp)
            continue;
        seg->has_timestamp = false;
        seg->tsval = seg->tsecr = 0;
        seg->option_count--;
        seg->header_bytes = seg->header_bytes >= 32 ? seg->header_bytes - 12 : 20;
    }
}

static void lose(struct tape *tape, const struct way *way)
{
    uint32_t state = dice(way->number[1]);
    size_t kept = 0;

    for (size_t i = 0; i < tape->count; i++)
        if (roll(&state) % PER_CENT >= (uint32_t)way->number[0])
            tape->take[kept++] = tape->take[i];
    tape->count = kept;
}

static void leave_out(struct tape *tape, const struct way *way)
{
    size_t kept = 0;

    for (size_t i = 0; i < tape->count; i++)
        if (tape->take[i].origin < (uint32_t)way->number[0] ||
            tape->take[i].origin - (uint32_t)way->number[0] > (uint32_t)way->number[1])
            tape->take[kept++] = tape->take[i];
    tape->count = kept;
}

const struct way_info way_table[] = {
    { "as_is", "", leave },
    { "later", "SECONDS: all times shifted, also into the past", shift_time },
    { "renumbered", "SEED: sequence numbers of each direction shifted", shift_numbers },
    { "moved", "other addresses and ports; who has the higher port still has", move_ends },
    { "mirrored", "higher ports are lower ones, if all connections begin", mirror_ports },
    { "company", "a healthy connection of strangers between the segments", keep_company },
    { "merged", "the capture named before, between other addresses", merge },
    { "doubled", "US: each segment again that much later", copy_all },
    { "routed", "US: the same, one hop further", copy_routed },
    { "swapped", "US: neighbours of different connections change places", swap_strangers },
    { "overtaken", "first RSTs stand before what they answer, if that is their neighbour",
      let_resets_overtake },
    { "unstamped", "no timestamp options", strip_timestamps },
    { "without", "FRAME,MORE: that frame is missing, and so many behind it", leave_out },
    { "lost", "PERCENT,SEED: so many segments are missing", lose },
    { "stepped", "SECONDS,FRAME: the clock is set that much forth, or back, before that frame",
      oddity_step_clock },
    { "rounded", "US: times are multiples of that", oddity_round_clock },
    { "timeless", "all times are 0", oddity_stop_clock },
    { "turned", "FRAME: what begins there stands before what comes before it",
      oddity_append_beginning },
    { "again", "all of it once more behind its end, at its time", oddity_append_again },
    { "tenant", "US,NUMBER: each segment again in another VLAN, later, its numbers that far off",
      oddity_add_tenant },
    { "split", "each direction in a VLAN of its own", oddity_split_networks },
    { "vantage",
      "US,BEHIND: each segment as it passes elsewhere: one direction later, the other\n"
      "              sooner, by a clock that is off",
      oddity_add_vantage },
    { "hopless", "no TTL", oddity_hide_hops },
    { "reassembled", "BYTES: of segments that long neither TTL nor IP ID", oddity_hide_ip },
    { NULL, NULL, NULL },
};

bool way_read(const char *text, struct way *way)
{
    size_t length = strcspn(text, "=");
    const char *at = text + length;

    *way = (struct way){ .info = way_table };
    while (way->info->name &&
           (strlen(way->info->name) != length || memcmp(way->info->name, text, length) != 0))
        way->info++;
    for (int i = 0; *at && i < WAY_NUMBERS; i++) {
        char *end;

        errno = 0;
        way->number[i] = strtoll(at + 1, &end, 10);
        if (errno || end == at + 1)
            return false;
        at = end;
    }
    return way->info->name && !*at;
}
