/* The frames of a capture file: pcap (draft-ietf-opsawg-pcap), pcapng (draft-ietf-opsawg-pcapng).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "pcap_file.h"

#include <string.h>

enum {
    PCAP_HEADER = 24,
    PCAP_FRAME_HEADER = 16,
    BLOCK_FRAME = 12, /* type and both lengths */
    PACKET_HEADER = 20,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE = 3,
    BLOCK_ENHANCED = 6,
    OPTION_TSRESOL = 9,
    OPTION_TSOFFSET = 14,
    MICROSECONDS = 6,
    NANOSECONDS = 9,
    POWER_OF_TWO = 0x80,
    EXPONENT_MAX = 18,        /* of 10, within 64 bits */
    BINARY_EXPONENT_MAX = 62, /* of 2 */
};

#define PCAP_MAGIC       UINT32_C(0xa1b2c3d4)
#define PCAP_MAGIC_NS    UINT32_C(0xa1b23c4d)
#define BLOCK_SECTION    UINT32_C(0x0a0d0d0a) /* the same in either order */
#define BYTE_ORDER_MAGIC UINT32_C(0x1a2b3c4d)
#define NS_PER_S         UINT64_C(1000000000)
#define LINK_TYPE_MASK   0xffff
#define ALIGNED(bytes)   (((bytes) + 3) & ~(size_t)3)

static uint16_t get16(const struct pcap_file *file, const uint8_t *at)
{
    return (uint16_t)(file->little ? at[1] << 8 | at[0] : at[0] << 8 | at[1]);
}

static uint32_t get32(const struct pcap_file *file, const uint8_t *at)
{
    uint32_t first = get16(file, at), second = get16(file, at + 2);

    return file->little ? second << 16 | first : first << 16 | second;
}

static uint64_t get64(const struct pcap_file *file, const uint8_t *at)
{
    uint64_t first = get32(file, at), second = get32(file, at + 4);

    return file->little ? second << 32 | first : first << 32 | second;
}

/* Nanoseconds, modulo 2^64: a damaged time may be anything. */
static uint64_t to_ns(const struct pcap_interface *interface, uint64_t units)
{
    unsigned exponent = interface->resolution & ~(unsigned)POWER_OF_TWO;
    uint64_t per_s = 1, seconds, rest, offset_s = (uint64_t)interface->offset_s;

    if (interface->resolution & POWER_OF_TWO) {
        exponent = exponent > BINARY_EXPONENT_MAX ? BINARY_EXPONENT_MAX : exponent;
        seconds = units >> exponent;
        rest = units & ((UINT64_C(1) << exponent) - 1);
        for (; exponent > 32; exponent--)
            rest >>= 1;
        return (seconds + offset_s) * NS_PER_S + (rest * NS_PER_S >> exponent);
    }
    for (unsigned i = 0; i < exponent && i < EXPONENT_MAX; i++)
        per_s *= 10;
    seconds = units / per_s;
    rest = units % per_s;
    rest = per_s > NS_PER_S ? rest / (per_s / NS_PER_S) : rest * (NS_PER_S / per_s);
    return (seconds + offset_s) * NS_PER_S + rest;
}

static void number(struct pcap_file *file, uint64_t ns, struct pcap_frame *frame)
{
    if (!file->number++)
        file->epoch_ns = ns;
    frame->number = file->number;
    frame->time_ns = (int64_t)(ns - file->epoch_ns);
    if (frame->sent < frame->captured)
        frame->sent = frame->captured;
}

static bool next_of_pcap(struct pcap_file *file, struct pcap_frame *frame)
{
    const struct pcap_interface *interface = &file->interface[0];
    struct pcap_interface whole = { .resolution = 0 };
    const uint8_t *header = file->bytes + file->at;

    if (file->size - file->at < PCAP_FRAME_HEADER)
        return false;
    frame->captured = get32(file, header + 8);
    frame->sent = get32(file, header + 12);
    frame->bytes = header + PCAP_FRAME_HEADER;
    frame->link = interface->link;
    if (frame->captured > file->size - file->at - PCAP_FRAME_HEADER)
        return false;
    file->at += PCAP_FRAME_HEADER + frame->captured;
    number(file, to_ns(&whole, get32(file, header)) + to_ns(interface, get32(file, header + 4)),
           frame);
    return true;
}

/* The options of an interface, from `at` to the end of the block's body. */
static void read_interface_options(const struct pcap_file *file, const uint8_t *at,
                                   const uint8_t *end, struct pcap_interface *interface)
{
    while (end - at >= 4) {
        unsigned code = get16(file, at), length = get16(file, at + 2);

        if (!code || (size_t)(end - at) < 4 + ALIGNED(length))
            return;
        if (code == OPTION_TSRESOL && length == 1)
            interface->resolution = at[4];
        if (code == OPTION_TSOFFSET && length == 8)
            interface->offset_s = (int64_t)get64(file, at + 4);
        at += 4 + ALIGNED(length);
    }
}

static void read_interface(struct pcap_file *file, const uint8_t *body, size_t size)
{
    struct pcap_interface *interface;

    if (size < 8 || file->interface_count == PCAP_INTERFACES_MAX)
        return;
    interface = &file->interface[file->interface_count++];
    *interface = (struct pcap_interface){ .link = get16(file, body),
                                          .snap = get32(file, body + 4),
                                          .resolution = MICROSECONDS };
    read_interface_options(file, body + 8, body + size, interface);
}

/* An enhanced packet block, or an old packet block: they differ in the interface's number. */
static bool read_packet(struct pcap_file *file, uint32_t index, const uint8_t *body, size_t size,
                        struct pcap_frame *frame)
{
    if (size < PACKET_HEADER || index >= file->interface_count)
        return false;
    frame->captured = get32(file, body + 12);
    frame->sent = get32(file, body + 16);
    frame->bytes = body + PACKET_HEADER;
    frame->link = file->interface[index].link;
    if (frame->captured > size - PACKET_HEADER)
        return false;
    number(file,
           to_ns(&file->interface[index],
                 (uint64_t)get32(file, body + 4) << 32 | get32(file, body + 8)),
           frame);
    return true;
}

/* It has no time; Wireshark shows it at the beginning of the epoch. */
static bool read_simple(struct pcap_file *file, const uint8_t *body, size_t size,
                        struct pcap_frame *frame)
{
    const struct pcap_interface *interface = &file->interface[0];

    if (size < 4 || !file->interface_count)
        return false;
    frame->sent = frame->captured = get32(file, body);
    if (interface->snap && frame->captured > interface->snap)
        frame->captured = interface->snap;
    if (frame->captured > size - 4)
        return false;
    frame->bytes = body + 4;
    frame->link = interface->link;
    number(file, 0, frame);
    return true;
}

/* A section says its byte order behind its length. */
static bool begin_section(struct pcap_file *file)
{
    const uint8_t *block = file->bytes + file->at;

    if (file->size - file->at < BLOCK_FRAME + 4)
        return false;
    file->little = false;
    if (get32(file, block + 8) != BYTE_ORDER_MAGIC) {
        file->little = true;
        if (get32(file, block + 8) != BYTE_ORDER_MAGIC)
            return false;
    }
    file->interface_count = 0;
    return true;
}

static bool next_of_pcapng(struct pcap_file *file, struct pcap_frame *frame)
{
    while (file->size - file->at >= BLOCK_FRAME) {
        const uint8_t *block = file->bytes + file->at, *body = block + 8;
        uint32_t type = get32(file, block), length;
        size_t size;

        if (type == BLOCK_SECTION && !begin_section(file))
            return false;
        length = get32(file, block + 4);
        if (length < BLOCK_FRAME || length % 4 || length > file->size - file->at)
            return false;
        size = length - BLOCK_FRAME;
        file->at += length;
        if (type == BLOCK_INTERFACE)
            read_interface(file, body, size);
        else if (type == BLOCK_ENHANCED)
            return read_packet(file, get32(file, body), body, size, frame);
        else if (type == BLOCK_PACKET)
            return read_packet(file, get16(file, body), body, size, frame);
        else if (type == BLOCK_SIMPLE)
            return read_simple(file, body, size, frame);
    }
    return false;
}

static bool open_pcap(struct pcap_file *file)
{
    for (int little = 0; little < 2; little++) {
        uint32_t magic;

        file->little = little;
        magic = get32(file, file->bytes);
        if (magic != PCAP_MAGIC && magic != PCAP_MAGIC_NS)
            continue;
        file->interface[0] = (struct pcap_interface){
            .link = get32(file, file->bytes + 20) & LINK_TYPE_MASK,
            .resolution = magic == PCAP_MAGIC_NS ? NANOSECONDS : MICROSECONDS,
        };
        file->interface_count = 1;
        file->at = PCAP_HEADER;
        return true;
    }
    return false;
}

bool pcap_file_open(struct pcap_file *file, const uint8_t *bytes, size_t size)
{
    *file = (struct pcap_file){ .bytes = bytes, .size = size };
    if (size < PCAP_HEADER)
        return false;
    file->is_pcapng = get32(file, bytes) == BLOCK_SECTION;
    return file->is_pcapng ? begin_section(file) : open_pcap(file);
}

bool pcap_file_next(struct pcap_file *file, struct pcap_frame *frame)
{
    return file->is_pcapng ? next_of_pcapng(file, frame) : next_of_pcap(file, frame);
}
