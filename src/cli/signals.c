/* SPDX-License-Identifier: Apache-2.0 */
/* Being told to stop. */
#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* A handler can reach nothing but what is static. */
static volatile int cancel;
static volatile sig_atomic_t is_late;

static void note(int signal)
{
	(void)signal;
	cancel = 1;
}

static void note_late(int signal)
{
	is_late = 1;
	note(signal);
}

void ks_signals_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		/* No SA_RESTART: what blocks (a FIFO, a terminal) is to end. */
		struct sigaction action = {
			.sa_handler = note,
			.sa_flags = (int)SA_RESETHAND,
		};
		struct sigaction before;

		sigemptyset(&action.sa_mask);
		if (sigaction(numbers[i], NULL, &before) == 0 &&
			before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

const volatile int *ks_signals_cancel(void)
{
	return &cancel;
}

void ks_signals_limit(unsigned seconds)
{
	struct sigaction action = { .sa_handler = note_late };

	sigemptyset(&action.sa_mask);
	if (seconds && sigaction(SIGALRM, &action, NULL) == 0)
		alarm(seconds);
}

bool ks_signals_is_late(void)
{
	return is_late;
}
