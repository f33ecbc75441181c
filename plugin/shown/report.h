/* The aborts of a capture as Markdown, ready for a ticket: tshark -q -z tcp_abort,report[,filter].
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_H
#define REPORT_H

#include "paper.h"

/** Every abort with its sentences, evidence and packets. */
extern const struct paper report_paper;

#endif
