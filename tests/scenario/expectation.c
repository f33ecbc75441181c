/* A verdict against the words of a scenario's `expect` line.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenario.h"

#include "values.h"

#include <stdio.h>
#include <string.h>

static const char *const effect_words[] = { "none", "0", "1" };

static const char *const clue_words[] = {
#define CLUE(ID, sentence) #ID,
#include "clues.def"
};

enum { FACTS_MAX = CLUE_MAX };

/* What a key's value is compared with: words or figures, of which any may match. */
struct facts {
    size_t count;
    char word[FACTS_MAX][WORD_SIZE];
};

static void add_word(struct facts *facts, const char *word)
{
    snprintf(facts->word[facts->count++], WORD_SIZE, "%s", word);
}

static void add_number(struct facts *facts, uint32_t number)
{
    snprintf(facts->word[facts->count++], WORD_SIZE, "%u", number);
}

static void add_seconds(struct facts *facts, int64_t ns)
{
    enum { NS_PER_S = 1000000000 };

    add_number(facts, ns < 0 ? 0 : (uint32_t)((ns + NS_PER_S / 2) / NS_PER_S));
}

static void by(const struct verdict *v, struct facts *f)
{
    add_word(f, party_words[v->by]);
}
static void form(const struct verdict *v, struct facts *f)
{
    add_word(f, form_words[v->form]);
}
static void trigger(const struct verdict *v, struct facts *f)
{
    add_number(f, v->trigger);
}
static void fin(const struct verdict *v, struct facts *f)
{
    add_number(f, v->fin);
}
static void fin_peer(const struct verdict *v, struct facts *f)
{
    add_number(f, v->fin_peer);
}
static void syn(const struct verdict *v, struct facts *f)
{
    add_number(f, v->syn);
}
static void detail(const struct verdict *v, struct facts *f)
{
    if (v->detail)
        add_word(f, detail_info(v->detail)->token);
}

static void repeat_of(const struct verdict *v, struct facts *f)
{
    add_number(f, v->repeat_of);
}

static void killed_by(const struct verdict *v, struct facts *f)
{
    add_number(f, v->killed_by);
}

static void effective(const struct verdict *v, struct facts *f)
{
    add_word(f, effect_words[v->effect]);
}

static void harmless(const struct verdict *v, struct facts *f)
{
    add_number(f, verdict_is_harmless(v));
}

static void retransmissions(const struct verdict *v, struct facts *f)
{
    add_number(f, v->retransmission.count);
}

static void probes(const struct verdict *v, struct facts *f)
{
    add_number(f, v->probe.count);
}

static void idle(const struct verdict *v, struct facts *f)
{
    add_seconds(f, v->idle_ns);
}

static void waited(const struct verdict *v, struct facts *f)
{
    add_seconds(f, v->waited_ns);
}

static void proof(const struct verdict *v, struct facts *f)
{
    for (size_t i = 0; i < PROOF_MAX && v->proof[i]; i++)
        add_number(f, v->proof[i]);
}

static void alternative(const struct verdict *v, struct facts *f)
{
    for (size_t i = 0; i < ALTERNATIVE_MAX && v->alternative[i]; i++)
        add_word(f, cause_info(v->alternative[i])->token);
}

static void runner_up(const struct verdict *v, struct facts *f)
{
    if (v->alternative[0])
        add_word(f, cause_info(v->alternative[0])->token);
}

static void clue(const struct verdict *v, struct facts *f)
{
    for (unsigned i = 0; i < v->clue_count; i++)
        add_word(f, clue_words[verdict_clue(v, i).kind]);
}

typedef void read_fn(const struct verdict *verdict, struct facts *facts);

static const struct {
    const char *name;
    read_fn *read;
} keys[] = {
    { "by", by },
    { "detail", detail },
    { "form", form },
    { "effective", effective },
    { "harmless", harmless },
    { "trigger", trigger },
    { "fin", fin },
    { "fin_peer", fin_peer },
    { "syn", syn },
    { "repeat_of", repeat_of },
    { "killed_by", killed_by },
    { "proof", proof },
    { "alternative", alternative },
    { "runner_up", runner_up },
    { "retransmissions", retransmissions },
    { "probes", probes },
    { "idle", idle },
    { "waited", waited },
    { "clue", clue },
};

static read_fn *find_key(const char *name)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (!strcmp(keys[i].name, name))
            return keys[i].read;
    return NULL;
}

bool expectation_knows(const char *key)
{
    return find_key(key) != NULL;
}

/* `wanted` may offer several, with | between; `none` and 0 mean that there is nothing. */
static bool offers(const struct facts *facts, const char *wanted)
{
    bool nothing = !facts->count || (facts->count == 1 && !strcmp(facts->word[0], "0"));

    while (*wanted) {
        size_t length = strcspn(wanted, "|");

        if (nothing && (!strncmp(wanted, "none", length) || !strncmp(wanted, "0", length)))
            return true;
        for (size_t i = 0; i < facts->count; i++)
            if (strlen(facts->word[i]) == length && !strncmp(facts->word[i], wanted, length))
                return true;
        wanted += length + (wanted[length] == '|');
    }
    return false;
}

/* A `!` before them: it is none of these. */
static bool fits(const struct facts *facts, const char *wanted)
{
    return *wanted == '!' ? !offers(facts, wanted + 1) : offers(facts, wanted);
}

static const char *detail_token(enum detail detail)
{
    return detail ? detail_info(detail)->token : "(none)";
}

static void complain(const struct facts *facts, const char *name, char *complaint, size_t size)
{
    int used = snprintf(complaint, size, "%s is", name);

    for (size_t i = 0; i < facts->count && used > 0 && (size_t)used < size; i++)
        used += snprintf(complaint + used, size - (size_t)used, " %s", facts->word[i]);
    if (!facts->count)
        snprintf(complaint, size, "%s is (nothing)", name);
}

bool expectation_met(const struct expectation *expected, const struct verdict *verdict,
                     char *complaint, size_t size)
{
    const struct cause_info *cause = cause_info(verdict->cause);

    if (expected->cause != verdict->cause) {
        snprintf(complaint, size, "the cause is %s/%s", cause ? cause->token : "(none)",
                 detail_token(verdict->detail));
        return false;
    }
    if (expected->detail && expected->detail != verdict->detail) {
        snprintf(complaint, size, "the detail is %s", detail_token(verdict->detail));
        return false;
    }
    if (verdict->confidence < expected->at_least || verdict->confidence > expected->at_most) {
        snprintf(complaint, size, "it is %s", confidence_words[verdict->confidence]);
        return false;
    }
    for (size_t i = 0; i < expected->key_count; i++) {
        struct facts facts = { .count = 0 };

        find_key(expected->key[i].name)(verdict, &facts);
        if (!fits(&facts, expected->key[i].value)) {
            complain(&facts, expected->key[i].name, complaint, size);
            return false;
        }
    }
    return true;
}
