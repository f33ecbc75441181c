/* The packets that tell how a connection ended, as a picture: tshark -q -z tcp_abort,ladder,STREAM.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PICTURE_H
#define PICTURE_H

/** Register it.  An SVG document that needs nothing else goes to standard output. */
void picture_register(void);

#endif
