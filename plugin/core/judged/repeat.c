/* One more RST of an abort: a number, not a verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "repeat.h"

#include <stddef.h>
#include <string.h>

#define NEVER INT64_MIN

/** A clue without the numbers that are the RST's own. */
struct told {
    int64_t n, m;   /* less the own number that stands for it */
    uint32_t frame; /* 0 if it is the trigger */
    uint8_t kind;   /* enum clue_kind */
    uint8_t own_n;  /* enum own */
    uint8_t own_m;
    bool is_trigger;
};

/** What repeats in a row share; compared as bytes, it has no holes. */
struct setting {
    const struct reason *reason;
    int64_t since_trigger_ns; /* less what the repeat has of it */
    int64_t fin_ns;    /* when the FIN came that `since_fin_ns` counts from; NEVER: none did */
    int64_t active_ns; /* likewise, when the pause began */
    int64_t waited_ns;
    int64_t unanswered_ns;
    struct run retransmission;
    struct run probe;
    uint32_t proof[PROOF_MAX];
    uint32_t fin, fin_peer, syn;
    uint32_t lost_sender;
    uint8_t since_trigger; /* in frames: the high 8 bits */
    uint8_t form : 5;      /* enum form */
    uint8_t effect : 3;    /* enum effect */
    uint8_t sender : 6;    /* side */
    uint8_t by_client : 1;
    uint8_t provisional : 1;
    uint8_t clue_count;
    struct told clue[];
};

_Static_assert(sizeof(struct told) == 24, "no holes");
_Static_assert(sizeof(struct setting) == offsetof(struct setting, clue), "no holes");
_Static_assert(sizeof(struct repeat) == 28, "a number, not a verdict");

/* The frame is the first member of a repeat. */
static const struct repeat *repeat_on(const struct ruled *ruled)
{
    return (const struct repeat *)(const void *)ruled;
}

static const struct sheaf *sheaf_of(const struct repeat *repeat)
{
    const void *first = repeat + 1 - repeat->ruled.nth;

    return (const void *)((const char *)first - offsetof(struct sheaf, repeat));
}

/** The numbers of a RST that its clues name. */
enum own { OWN_NOTHING, OWN_SEQ, OWN_ACK, OWN_LOST, OWNS };

static void list_own(const struct repeat *repeat, int64_t own[OWNS])
{
    own[OWN_NOTHING] = 0;
    own[OWN_SEQ] = repeat->seq;
    own[OWN_ACK] = repeat->ack;
    own[OWN_LOST] = repeat->lost_receiver;
}

static uint8_t find_own(const int64_t own[OWNS], int64_t number)
{
    uint8_t at = OWNS - 1;

    while (own[at] != number && at)
        at--;
    return number ? at : OWN_NOTHING;
}

static void take_clues(const struct repeat *repeat, const struct verdict *v, struct told *told)
{
    int64_t own[OWNS];

    list_own(repeat, own);
    for (unsigned i = 0; i < v->clue_count; i++) {
        const struct clue clue = verdict_clue(v, i);
        uint8_t n = find_own(own, clue.n), m = find_own(own, clue.m);
        bool is_trigger = clue.frame && clue.frame == v->trigger;

        told[i] = (struct told){
            clue.n - own[n], clue.m - own[m], is_trigger ? 0 : clue.frame, (uint8_t)clue.kind, n, m,
            is_trigger
        };
    }
}

static void give_clues(const struct repeat *repeat, struct verdict *v)
{
    const struct setting *setting = sheaf_of(repeat)->setting;
    int64_t own[OWNS];

    list_own(repeat, own);
    for (unsigned i = 0; i < setting->clue_count; i++) {
        const struct told *told = &setting->clue[i];

        verdict_note(v, (enum clue_kind)told->kind, told->is_trigger ? v->trigger : told->frame,
                     told->n + own[told->own_n], told->m + own[told->own_m]);
    }
}

/* When what is measured up to the trigger is measured, or else up to the RST. */
static int64_t drawn_ns(const struct verdict *v)
{
    return v->trigger ? v->time_ns - v->since_trigger_ns : v->time_ns;
}

/* From when `since_fin_ns` counts back. */
static int64_t after_fin_ns(const struct verdict *v)
{
    return v->fin ? drawn_ns(v) : v->time_ns;
}

static int64_t moment(int64_t until_ns, int64_t interval_ns)
{
    return interval_ns < 0 ? NEVER : until_ns - interval_ns;
}

static int64_t interval(int64_t until_ns, int64_t since_ns)
{
    return since_ns == NEVER ? -1 : until_ns - since_ns;
}

/* 0: no trigger is known. */
static uint32_t frames_since_trigger(const struct verdict *v)
{
    return v->trigger ? v->frame - v->trigger : 0;
}

static uint32_t trigger_of(const struct repeat *repeat)
{
    uint32_t high = sheaf_of(repeat)->setting->since_trigger;
    uint32_t frames = high << 24 | repeat->ruled.since_trigger;

    return frames ? repeat->ruled.frame - frames : 0;
}

static struct setting setting_of(const struct verdict *v, const struct reason *reason)
{
    struct setting setting = {
        .reason = reason,
        .since_trigger_ns = v->since_trigger_ns - (uint32_t)v->since_trigger_ns,
        .fin_ns = moment(after_fin_ns(v), v->since_fin_ns),
        .active_ns = v->idle_ns < PAUSE_AT_ALL_NS ? NEVER : moment(drawn_ns(v), v->idle_ns),
        .waited_ns = v->waited_ns,
        .unanswered_ns = v->unanswered_ns,
        .retransmission = v->retransmission,
        .probe = v->probe,
        .fin = v->fin,
        .fin_peer = v->fin_peer,
        .syn = v->syn,
        .lost_sender = v->lost_sender,
        .since_trigger = (uint8_t)(frames_since_trigger(v) / (1 << 24)),
        .form = v->form & 0xf,
        .effect = v->effect & 0x3,
        .sender = v->sender & 1,
        .by_client = v->sender_is_client,
        .provisional = v->provisional,
        .clue_count = v->clue_count,
    };

    memcpy(setting.proof, v->proof, sizeof setting.proof);
    return setting;
}

/* The latest one, if it is like it; else a new one, if there is memory. */
static const struct setting *keep_setting(const struct lender *lender, const struct sheaf *latest,
                                          const struct setting *setting, const struct told *clue)
{
    size_t bytes = setting->clue_count * sizeof *clue;
    const struct setting *like = latest ? latest->setting : NULL;
    struct setting *kept;

    if (like && !memcmp(like, setting, sizeof *setting) && !memcmp(like->clue, clue, bytes))
        return like;
    kept = lender_lend(lender, sizeof *kept + bytes);
    if (!kept)
        return NULL;
    *kept = *setting;
    if (bytes)
        memcpy(kept->clue, clue, bytes);
    return kept;
}

/* As many again, as long as they go on. */
static uint8_t next_room(const struct sheaf *latest)
{
    unsigned room = !latest ? 1 : latest->count == latest->room ? 2 * latest->room : latest->count;

    return (uint8_t)(room < SHEAF_MAX ? room : SHEAF_MAX);
}

/* The latest one, if there is room in it for what has that setting at that time; else a new one. */
static struct sheaf *sheaf_for(const struct lender *lender, struct ruling *first,
                               const struct setting *setting, int64_t time_ns)
{
    struct sheaf *latest = first->sheaf, *sheaf;
    uint8_t room = next_room(latest);

    if (latest && latest->count < latest->room && latest->setting == setting &&
        time_ns >= latest->time_ns && time_ns - latest->time_ns <= UINT32_MAX)
        return latest;
    sheaf = lender_lend(lender, sizeof *sheaf + room * sizeof *sheaf->repeat);
    if (!sheaf)
        return NULL;
    *sheaf = (struct sheaf){
        .first = first, .before = latest, .setting = setting, .time_ns = time_ns, .room = room
    };
    return first->sheaf = sheaf;
}

struct repeat *repeat_keep(const struct lender *lender, struct ruling *first,
                           const struct verdict *v, const struct reason *reason)
{
    const struct setting setting = setting_of(v, reason);
    const struct setting *kept;
    struct told clue[CLUE_MAX];
    struct sheaf *sheaf;
    struct repeat repeat = {
        .ruled = { .frame = v->frame, .since_trigger = frames_since_trigger(v) % (1 << 24) },
        .since_trigger_ns = (uint32_t)v->since_trigger_ns,
        .seq = v->seq,
        .ack = v->ack,
        .lost_receiver = v->lost_receiver,
    };

    take_clues(&repeat, v, clue);
    kept = keep_setting(lender, first->sheaf, &setting, clue);
    sheaf = kept ? sheaf_for(lender, first, kept, v->time_ns) : NULL;
    if (!sheaf)
        return NULL;
    repeat.since_sheaf_ns = (uint32_t)(v->time_ns - sheaf->time_ns);
    repeat.ruled.nth = ++sheaf->count;
    first->repeats++;
    sheaf->repeat[sheaf->count - 1] = repeat;
    return &sheaf->repeat[sheaf->count - 1];
}

static const struct repeat *last_of(const struct sheaf *sheaf)
{
    return sheaf ? &sheaf->repeat[sheaf->count - 1] : NULL;
}

const struct repeat *repeat_latest(const struct ruling *first)
{
    return last_of(first->sheaf);
}

const struct repeat *repeat_before(const struct repeat *repeat)
{
    return repeat->ruled.nth > 1 ? repeat - 1 : last_of(sheaf_of(repeat)->before);
}

struct ruling *ruled_first(const struct ruled *ruled)
{
    return ruled->nth ? sheaf_of(repeat_on(ruled))->first : NULL;
}

static struct verdict repeat_verdict(const struct repeat *repeat)
{
    const struct sheaf *sheaf = sheaf_of(repeat);
    const struct setting *setting = sheaf->setting;
    struct verdict v = {
        .frame = repeat->ruled.frame,
        .seq = repeat->seq,
        .ack = repeat->ack,
        .time_ns = sheaf->time_ns + repeat->since_sheaf_ns,
        .form = (enum form)setting->form,
        .effect = (enum effect)setting->effect,
        .trigger = trigger_of(repeat),
        .since_trigger_ns = setting->since_trigger_ns + repeat->since_trigger_ns,
        .fin = setting->fin,
        .fin_peer = setting->fin_peer,
        .syn = setting->syn,
        .repeat_of = sheaf->first->verdict.frame,
        .retransmission = setting->retransmission,
        .probe = setting->probe,
        .since_open_ns = -1,
        .waited_ns = setting->waited_ns,
        .unanswered_ns = setting->unanswered_ns,
        .patience_ns = -1,
        .quiet_ns = -1,
        .lost_sender = setting->lost_sender,
        .lost_receiver = repeat->lost_receiver,
        .sender = setting->sender,
        .sender_is_client = setting->by_client,
        .provisional = setting->provisional,
    };

    v.since_fin_ns = interval(after_fin_ns(&v), setting->fin_ns);
    v.idle_ns = interval(drawn_ns(&v), setting->active_ns);
    memcpy(v.proof, setting->proof, sizeof v.proof);
    give_clues(repeat, &v);
    verdict_inherit(&v, &sheaf->first->verdict);
    return v;
}

struct verdict ruled_verdict(const struct ruled *ruled)
{
    return ruled->nth ? repeat_verdict(repeat_on(ruled)) : ruled_ruling(ruled)->verdict;
}

const struct reason *ruled_reason(const struct ruled *ruled)
{
    return ruled->nth ? sheaf_of(repeat_on(ruled))->setting->reason : ruled_ruling(ruled)->reason;
}
