/* SPDX-License-Identifier: Apache-2.0 */
/* Big-endian integers in files, network byte order. */
#ifndef KS_BASE_ENDIAN_H
#define KS_BASE_ENDIAN_H

#include <stdint.h>

/* The 32-bit integer in the four bytes at ${p}. */
static inline uint32_t ks_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* The 64-bit integer in the eight bytes at ${p}. */
static inline uint64_t ks_be64(const uint8_t *p)
{
	return (uint64_t)ks_be32(p) << 32 | ks_be32(p + 4);
}

#endif
