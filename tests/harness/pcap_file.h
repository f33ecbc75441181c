/* The frames of a capture file: pcap and pcapng, in either byte order.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PCAP_FILE_H
#define PCAP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PCAP_INTERFACES_MAX = 1024 };

/** One interface of a section of pcapng; of a pcap file the only one. */
struct pcap_interface {
    uint16_t link; /* LINKTYPE_* (tcpdump.org) */
    uint32_t snap; /* longest captured length; 0: no limit */
    uint8_t
        resolution;   /* a second has 10 to the power of it units; with bit 7 set, 2 to the power */
    int64_t offset_s; /* to be added to its times */
};

/** A file on its way through its frames.  Initialised by pcap_file_open(). */
struct pcap_file {
    const uint8_t *bytes; /* the caller's */
    size_t size;
    size_t at;
    bool is_pcapng;
    bool little;       /* byte order, of pcapng that of the section */
    uint32_t number;   /* of the latest frame, from 1 */
    uint64_t epoch_ns; /* time of the first frame */
    unsigned interface_count;
    struct pcap_interface interface[PCAP_INTERFACES_MAX];
};

/** One frame.  Its bytes belong to the file. */
struct pcap_frame {
    const uint8_t *bytes;
    uint32_t captured; /* bytes that can be read */
    uint32_t sent;     /* bytes it had, never fewer */
    uint32_t number;   /* from 1 */
    int64_t time_ns;   /* since the first frame */
    uint16_t link;     /* LINKTYPE_* */
};

/** Start at the first frame of a file held in memory; false: it is no such file. */
bool pcap_file_open(struct pcap_file *file, const uint8_t *bytes, size_t size);

/** The next frame; false: there is none, or what follows is damaged.  Any bytes may be given. */
bool pcap_file_next(struct pcap_file *file, struct pcap_frame *frame);

#endif
