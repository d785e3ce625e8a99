/* SPDX-License-Identifier: Apache-2.0 */
/* A growable byte buffer that owns its bytes. */
#include "base/buf.h"

#include "base/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int ks_buf_reserve(struct ks_buf *buf, size_t cap)
{
	size_t grown = buf->cap + buf->cap / 2;
	uint8_t *p;

	if (cap <= buf->cap)
		return KS_OK;
	if (grown < cap)
		grown = cap;
	p = realloc(buf->p, grown);
	if (!p)
		return KS_E_NOMEM;
	buf->p = p;
	buf->cap = grown;
	return KS_OK;
}

int ks_buf_add(struct ks_buf *buf, const void *p, size_t n)
{
	if (n == 0)
		return KS_OK;
	if (n > SIZE_MAX - buf->n)
		return KS_E_NOMEM;
	if (ks_buf_reserve(buf, buf->n + n) < 0)
		return KS_E_NOMEM;
	memcpy(buf->p + buf->n, p, n);
	buf->n += n;
	return KS_OK;
}

int ks_buf_add_str(struct ks_buf *buf, const char *text)
{
	return ks_buf_add(buf, text, strlen(text));
}

int ks_buf_add_byte(struct ks_buf *buf, uint8_t byte)
{
	return ks_buf_add(buf, &byte, 1);
}

int ks_buf_printf(struct ks_buf *buf, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (n < 0 || ks_buf_reserve(buf, buf->n + (size_t)n + 1) < 0)
		return KS_E_NOMEM;
	va_start(args, format);
	vsnprintf((char *)buf->p + buf->n, (size_t)n + 1, format, args);
	va_end(args);
	buf->n += (size_t)n;
	return KS_OK;
}

const char *ks_buf_str(struct ks_buf *buf)
{
	if (ks_buf_reserve(buf, buf->n + 1) < 0)
		return NULL;
	buf->p[buf->n] = '\0';
	return (const char *)buf->p;
}

int ks_buf_read_fd(struct ks_buf *buf, int fd, const char *name, size_t max,
	struct ks_err *err)
{
	const size_t before = buf->n;
	ssize_t got;

	for (;;) {
		if (ks_buf_reserve(buf, buf->n + 65536) < 0)
			return ks_fail_nomem(err);
		got = read(fd, buf->p + buf->n, buf->cap - buf->n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ks_fail_errno(
				err, errno, "cannot read '%s'", name);
		if (got == 0)
			return KS_OK;
		buf->n += (size_t)got;
		if (buf->n - before > max)
			return ks_fail(err, KS_E_LIMIT,
				"'%s' is larger than %zu bytes", name, max);
	}
}

int ks_buf_read_file(struct ks_buf *buf, const char *path, struct ks_err *err)
{
	return ks_buf_read_file_max(buf, path, SIZE_MAX, err);
}

int ks_buf_read_file_max(
	struct ks_buf *buf, const char *path, size_t max, struct ks_err *err)
{
	uint64_t size;
	int fd;
	int rc = ks_file_open(&fd, &size, path, err);

	if (rc == KS_E_NOTFOUND)
		return ks_fail_errno(err, ENOENT, "cannot open '%s'", path);
	if (rc < 0)
		return rc;
	rc = ks_buf_read_fd(buf, fd, path, max, err);
	close(fd);
	return rc;
}

void ks_buf_release(struct ks_buf *buf)
{
	free(buf->p);
	*buf = (struct ks_buf){ 0 };
}
