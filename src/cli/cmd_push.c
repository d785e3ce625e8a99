/* SPDX-License-Identifier: Apache-2.0 */
/* keysieve push, commit and receive: what git's hooks call. */
#include "cli/command.h"
#include "cli/gate.h"
#include "cli/signals.h"
#include "cli/updates.h"

#include <unistd.h>

static int scan_push(void *payload, struct ks_result **out,
	const struct ks_scan_options *options, struct ks_err *err)
{
	return ks_scan_push(out, NULL, payload, options, err);
}

static int scan_staged(void *payload, struct ks_result **out,
	const struct ks_scan_options *options, struct ks_err *err)
{
	(void)payload;
	return ks_scan_staged(out, NULL, options, err);
}

/* Pushes and receives differ in their input and in what is there already. */
static int run_push(const struct ks_settings *settings,
	enum ks_updates_form form, struct ks_gate *gate, const char *remote)
{
	struct ks_updates updates = { 0 };
	struct ks_push push = { .remote = remote };
	struct ks_err err = { 0 };
	int status;
	int rc;

	ks_gate_begin(settings);
	rc = ks_updates_read(
		&updates, STDIN_FILENO, form, ks_signals_cancel(), &err);

	push.updates = updates.list;
	push.count = updates.count;
	gate->payload = &push;
	gate->updates = updates.list;
	gate->update_count = updates.count;
	if (rc < 0)
		status = ks_gate_fail(settings, gate, &err);
	else if (!updates.has_new)
		status = 0;
	else
		status = ks_gate_run(settings, gate);
	ks_updates_release(&updates);
	return status;
}

int ks_cmd_push(const struct ks_settings *settings)
{
	const char *remote =
		settings->operand_count ? settings->operands[0] : "";
	struct ks_gate gate = {
		.kind = KS_STOP_PUSH, .scan = scan_push, .remote = remote
	};

	return run_push(settings, KS_UPDATES_PRE_PUSH, &gate, remote);
}

int ks_cmd_receive(const struct ks_settings *settings)
{
	struct ks_gate gate = { .kind = KS_STOP_RECEIVE, .scan = scan_push };

	return run_push(settings, KS_UPDATES_PRE_RECEIVE, &gate, NULL);
}

int ks_cmd_commit(const struct ks_settings *settings)
{
	struct ks_gate gate = { .kind = KS_STOP_COMMIT, .scan = scan_staged };

	ks_gate_begin(settings);
	return ks_gate_run(settings, &gate);
}
