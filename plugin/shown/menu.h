/* Tools > TCP Abort, and right-click > Conversation Filter > TCP Abort.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MENU_H
#define MENU_H

/** Register the menus.  Programs without a window ignore them. */
void menu_register(int proto);

#endif
