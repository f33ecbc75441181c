/* What the talk of two sides amounts to, as things stand.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "talk.h"

#include <stddef.h>

enum {
    BULK_RECORD = 1024, /* bytes; chosen: below what any program fills records of a stream with
                         * (Go, crypto/tls, maxPayloadSizeForWrite(): some 1,200 at first) */
};

static struct ending cut_inside(enum cut cut, uint64_t missing)
{
    return (struct ending){
        .missing = missing > INT64_MAX ? INT64_MAX : (int64_t)missing,
        .entirety = ENTIRE_CUT,
        .cut = cut,
        .is_certain = cut == CUT_LENGTH || cut == CUT_CHUNK,
    };
}

static struct ending end_of_http1(const struct talk *talk)
{
    switch ((enum http_phase)talk->http.phase) {
    case HTTP_START:
        return (struct ending){ .entirety = ENTIRE_WHOLE, .is_certain = true };
    case HTTP_FIRST_LINE:
    case HTTP_FIELD_NAME:
    case HTTP_FIELD_VALUE:
    case HTTP_FIELD_REST:
        return cut_inside(CUT_HEAD, 0);
    case HTTP_BODY:
        return cut_inside(CUT_LENGTH, talk->left);
    case HTTP_TRAILER:
    case HTTP_TRAILER_REST: /* the size 0 ends the body; only the empty line is missing */
    case HTTP_UNTIL_CLOSE:
        return (struct ending){ .entirety = ENTIRE_BY_CLOSE };
    case HTTP_CHUNK_DATA:
    case HTTP_CHUNK_SIZE:
    case HTTP_CHUNK_EXTENSION:
    case HTTP_CHUNK_END:
        break;
    }
    return cut_inside(CUT_CHUNK, talk->http.phase == HTTP_CHUNK_DATA ? talk->left : 0);
}

static struct ending end_of_framed(const struct talk *talk)
{
    enum talk_protocol protocol = (enum talk_protocol)talk->protocol;

    if (talk->in_line || talk->framed.whole < framing_trusted_after(protocol))
        return (struct ending){ .entirety = ENTIRE_UNKNOWN };
    if (talk->left || talk->head_bytes)
        return cut_inside(CUT_MESSAGE, talk->left);
    if (talk->framed.served && !talk->framed.may_end)
        return cut_inside(CUT_ANSWER, 0);
    return (struct ending){
        .entirety = framing_is_partial(protocol) ? ENTIRE_UNKNOWN : ENTIRE_WHOLE,
    };
}

struct ending talk_ending(const struct talk *talk)
{
    if (talk->lost || !talk->spoken)
        return (struct ending){ .entirety = ENTIRE_UNKNOWN };
    switch (framing_reader((enum talk_protocol)talk->protocol)) {
    case READER_HTTP1:
        return end_of_http1(talk);
    case READER_HTTP2:
        if (talk->left || talk->head_bytes)
            return cut_inside(CUT_FRAME, talk->left);
        return talk->open ? cut_inside(CUT_STREAM, 0) : (struct ending){ .entirety = ENTIRE_WHOLE };
    case READER_TLS:
        return talk->left || talk->head_bytes ? cut_inside(CUT_RECORD, talk->left)
                                              : (struct ending){ .entirety = ENTIRE_UNKNOWN };
    case READER_ROW:
        return end_of_framed(talk);
    case READER_NONE:
        break;
    }
    return (struct ending){ .entirety = ENTIRE_UNKNOWN };
}

bool talk_is_cut(const struct talk *talk)
{
    return talk_ending(talk).entirety == ENTIRE_CUT;
}

bool talk_may_be_whole(const struct talk *talk)
{
    return talk_ending(talk).cut == CUT_STREAM && !talk->http2.alike;
}

bool talk_asks(const struct talk *asker)
{
    return talk_counts(asker) ? asker->asked > 0 : asker->asking;
}

bool talk_counts(const struct talk *talk)
{
    return talk->protocol == TALK_HTTP1 || talk->protocol == TALK_HTTP2;
}

bool talk_wants_answer(const struct talk *talk)
{
    return talk_counts(talk) ||
           framing_goodbye_max((enum talk_protocol)talk->protocol, talk_is_asker(talk)) == 0;
}

bool talk_is_asker(const struct talk *talk)
{
    return talk->opened != framing_server_first((enum talk_protocol)talk->protocol);
}

bool talk_is_ticketed(const struct talk *talk)
{
    return talk->protocol == TALK_TLS && talk->ticket && talk->tls.alike == 1;
}

bool talk_is_in_handshake(const struct talk *talk, const struct talk *other)
{
    if (talk->lost || other->lost || talk->snapped || other->snapped)
        return false;
    return (talk->tls_began || other->tls_began) && !(talk->tls_finished && other->tls_finished);
}

/* Whether at least so many records came before the latest that are as long. */
static bool is_in_run(const struct talk *talk, unsigned before)
{
    const struct tls_said *tls = &talk->tls;

    return talk->protocol == TALK_TLS && tls->record >= BULK_RECORD &&
           (tls->alike >= before || tls->by_turns > before);
}

bool talk_broke_off_bulk(const struct talk *talk)
{
    return is_in_run(talk, 2) && !talk->close_notify && !talk->lost && !talk->left;
}

bool talk_may_be_in_bulk(const struct talk *talk)
{
    return is_in_run(talk, 1);
}

bool talk_is_dismissal(const struct talk *talk)
{
    return talk->protocol > TALK_HTTP2 && talk->framed.dismissed;
}

bool talk_is_notified(const struct talk *talk)
{
    return talk_may_part(talk) && !talk->tls.notify_doubted;
}

/* By number  RFC 8446, 6; RFC 5246, 7.2 */
static const char *const alerts[] = {
    [0] = "close_notify",
    [10] = "unexpected_message",
    [20] = "bad_record_mac",
    [21] = "decryption_failed",
    [22] = "record_overflow",
    [30] = "decompression_failure",
    [40] = "handshake_failure",
    [42] = "bad_certificate",
    [43] = "unsupported_certificate",
    [44] = "certificate_revoked",
    [45] = "certificate_expired",
    [46] = "certificate_unknown",
    [47] = "illegal_parameter",
    [48] = "unknown_ca",
    [49] = "access_denied",
    [50] = "decode_error",
    [51] = "decrypt_error",
    [70] = "protocol_version",
    [71] = "insufficient_security",
    [80] = "internal_error",
    [86] = "inappropriate_fallback",
    [90] = "user_canceled",
    [109] = "missing_extension",
    [110] = "unsupported_extension",
    [112] = "unrecognized_name",
    [113] = "bad_certificate_status_response",
    [115] = "unknown_psk_identity",
    [116] = "certificate_required",
    [120] = "no_application_protocol",
};

const char *talk_alert(const struct talk *talk)
{
    unsigned number = talk->tls.alert - 1U;

    if (talk->protocol != TALK_TLS || number >= sizeof alerts / sizeof alerts[0])
        return NULL;
    return alerts[number];
}

const char *talk_message(const struct talk *talk)
{
    return framing_message(talk->protocol, talk_is_asker(talk));
}
