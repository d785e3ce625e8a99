/* SPDX-License-Identifier: Apache-2.0 */
/* Being told to stop. */
#ifndef KS_CLI_SIGNALS_H
#define KS_CLI_SIGNALS_H

#include <stdbool.h>

/*
 * From now on the first SIGINT, SIGTERM or SIGHUP sets the flag of
 * ks_signals_cancel(); the second one kills. Those that are ignored stay so.
 */
void ks_signals_catch(void);

/* Not 0 once the program was told to stop. Static. */
const volatile int *ks_signals_cancel(void);

/*
 * Stop after ${seconds}, too; 0: there is no limit. ks_signals_is_late()
 * tells that this was it.
 */
void ks_signals_limit(unsigned seconds);

bool ks_signals_is_late(void);

#endif
