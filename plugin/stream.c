/* The number Wireshark gave to a TCP stream.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "stream.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>

enum { SLOTS = 1 << 11, ADDRESS_MAX = 16 };

/** A tuple and its stream; size 0: an empty slot. */
struct known {
    uint8_t address[2][ADDRESS_MAX];
    uint16_t port[2];
    uint16_t size; /* of an address */
    uint32_t stream;
};

static struct known known[SLOTS];

static int tcp_id(void)
{
    static int id = -1;

    if (id == -1)
        id = proto_get_id_by_filter_name("tcp");
    return id;
}

bool stream_find(const packet_info *pinfo, const struct tuple *tuple, uint32_t *stream)
{
    const conversation_t *conversation = compat_find_tcp_conversation(
        pinfo, &tuple->address[0], &tuple->address[1], tuple->port[0], tuple->port[1]);
    const struct tcp_analysis *tcp =
        conversation ? conversation_get_proto_data(conversation, tcp_id()) : NULL;

    if (tcp)
        *stream = tcp->stream;
    return tcp != NULL;
}

static bool is_of(const struct known *k, const struct tuple *tuple)
{
    size_t size = (size_t)tuple->address[0].len;

    if (k->size != size)
        return false;
    for (int from = 0; from < 2; from++)
        if (k->port[from] == tuple->port[0] && k->port[!from] == tuple->port[1] &&
            !memcmp(k->address[from], tuple->address[0].data, size) &&
            !memcmp(k->address[!from], tuple->address[1].data, size))
            return true;
    return false;
}

static void remember(struct known *k, const struct tuple *tuple, uint32_t stream)
{
    k->size = (uint16_t)tuple->address[0].len;
    k->stream = stream;
    for (int i = 0; i < 2; i++) {
        k->port[i] = tuple->port[i];
        memcpy(k->address[i], tuple->address[i].data, k->size);
    }
}

static bool can_be_known(const struct tuple *tuple)
{
    int size = tuple->address[0].len;

    return size > 0 && size <= ADDRESS_MAX && tuple->address[1].len == size &&
           !compat_tells_more_apart();
}

bool stream_recall(const packet_info *pinfo, const struct tuple *tuple, uint32_t hash, bool is_new,
                   uint32_t *stream)
{
    struct known *k = &known[hash % SLOTS];

    if (!can_be_known(tuple))
        return stream_find(pinfo, tuple, stream);
    if (!is_new && is_of(k, tuple)) {
        *stream = k->stream;
        return true;
    }
    if (!stream_find(pinfo, tuple, stream)) {
        k->size = 0;
        return false;
    }
    remember(k, tuple, *stream);
    return true;
}

void stream_forget_all(void)
{
    memset(known, 0, sizeof known);
}
