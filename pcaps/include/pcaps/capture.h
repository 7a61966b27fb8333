/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.h - reading and writing router's-eye captures
 *
 * A router's-eye capture says what arrived at a router on which side and
 * what the router sent. The reader makes a stream of such records from
 * any of: LINUX_SLL2, LINUX_SLL, EN10MB (with VLAN tags), RAW, IPV4, NULL,
 * LOOP; microseconds or nanoseconds; either byte order; one file, or one
 * file for each side. The writer makes LINUX_SLL2 with nanoseconds, little
 * endian, on every machine. Both work on files of any length in constant
 * memory.
 *
 * Nothing here knows what a NAT does: bytes, times, sides.
 *
 * All functions work on their arguments only: two threads may each have
 * readers and writers of their own. Out of memory is CAP_ERR_IO.
 */
#ifndef PCAPS_CAPTURE_H
#define PCAPS_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CAP_NODISCARD __attribute__((warn_unused_result))

enum cap_status {
	CAP_OK = 0,
	CAP_END,          /* no more records */
	CAP_ERR_OPEN,     /* the file cannot be opened or created */
	CAP_ERR_FORMAT,   /* not a capture, or broken inside */
	CAP_ERR_LINK,     /* a link type that is not supported */
	CAP_ERR_IO,       /* reading or writing failed */
	CAP_ERR_ARGUMENT, /* options that contradict each other or the file */
};

enum cap_side {
	CAP_SIDE_NONE = 0, /* an interface that is neither */
	CAP_INSIDE = 1,    /* ifindex 1 in our files */
	CAP_OUTSIDE = 2,   /* ifindex 2 in our files */
};

enum cap_dir {
	CAP_DIR_NONE = 0,
	CAP_ARRIVED, /* a stimulus */
	CAP_SENT,    /* a result */
};

enum cap_cast {
	CAP_CAST_HOST = 0, /* numbers of the SLL2 packet type */
	CAP_CAST_BROADCAST = 1,
	CAP_CAST_MULTICAST = 2,
	CAP_CAST_OTHER = 3,
};

/* Ethernet types: IPv4, IPv6, 802.2 LLC (an 802.3 frame, which has a length
   where others have a type), and the barrier record of exec: engines. */
#define CAP_ETHERTYPE_IPV4    0x0800
#define CAP_ETHERTYPE_IPV6    0x86dd
#define CAP_ETHERTYPE_LLC     0x0004
#define CAP_ETHERTYPE_BARRIER 0x88b5

/* One record. Pointers are valid until the next call on the reader. */
struct cap_record {
	uint64_t number;   /* 1-based, in its file */
	unsigned int file; /* index of the file: 0, or 1 of two */
	uint64_t offset;   /* octet offset of the record in its file (pcapng:
			      of the first block after the record before);
			      0 if the file is a pipe */
	uint64_t time;     /* ns since 1970-01-01 00:00 UTC */
	enum cap_side side;
	enum cap_dir dir;
	enum cap_cast cast; /* of an arrived record; HOST for a sent one */
	uint16_t ethertype; /* 0x0800 for IPv4; 0 if the link does not say */
	uint16_t vlan;      /* outermost VLAN id, 0 = untagged */
	bool is_ethernet;   /* src_mac is real */
	bool has_dst_mac;   /* dst_mac is real (EN10MB only) */
	uint8_t src_mac[6];
	uint8_t dst_mac[6];
	const uint8_t *data; /* from the network header on, link padding
				included */
	uint32_t len;        /* octets captured of it */
	uint32_t wire_len;   /* octets that were there; > len: truncated;
				never < len when read */
};

static inline bool cap_is_truncated(const struct cap_record *r)
{
	return r->wire_len > r->len;
}

/*
 * How to read. cap_options_init() sets: no names, inside 192.168.1.1/24,
 * outside 203.0.113.1/24, MACs unknown.
 *
 * Sides are found by interface where the link type has one (SLL2): ifindex
 * 1 is inside and 2 outside unless inside_if / outside_if say otherwise
 * (a number; names need inside_index, which pcap files do not hold: the
 * caller resolves them). Where it has none (EN10MB, RAW, NULL, SLL, ...):
 *
 *   two files: file 0 is the inside wire, file 1 the outside wire;
 *   one file: file_side says which wire it is; CAP_SIDE_NONE = the inside
 *   wire.
 *
 * Direction: SLL2 and SLL say it (a packet type that is neither received nor
 * sent: CAP_DIR_NONE). Else by MAC if the router's on that wire is known:
 * source = router: sent, all else arrived. Else by IPv4 address: the router's
 * own address on that wire as source was sent; on the inside wire a source
 * in the inside net arrived, and a destination in the inside net with
 * another source was sent. What is neither arrived.
 */
struct cap_options {
	uint32_t inside_if;  /* ifindex of the inside; 0 = 1 */
	uint32_t outside_if; /* ifindex of the outside; 0 = 2 */
	enum cap_side file_side;
	uint32_t inside_addr; /* the router's, host order */
	uint8_t inside_len;   /* prefix length */
	uint32_t outside_addr;
	uint8_t outside_len;
	bool has_inside_mac, has_outside_mac;
	uint8_t inside_mac[6]; /* the router's on each wire */
	uint8_t outside_mac[6];
};
void cap_options_init(struct cap_options *options);

/* Room for the text of an error: names file, offset or record, expected. */
#define CAP_ERROR_SIZE 512

struct cap_reader;

/*
 * cap_open() opens one capture, or two (outside_path not NULL: path is the
 * inside wire) merged by time; at equal times what arrived comes first, then
 * file 0. "-" reads standard input. options may be NULL: those of
 * cap_options_init(). On failure *out_reader is NULL and error holds a line
 * of text without the final newline. CAP_ERR_ARGUMENT: one interface for
 * both sides, a prefix over 32, file_side with two files, "-" twice.
 */
enum cap_status cap_open(const char *path, const char *outside_path,
			 const struct cap_options *options,
			 struct cap_reader **out_reader,
			 char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/*
 * cap_open_stream() reads a capture from a stream that is open already: a
 * pipe to a process, fmemopen(). The reader owns the stream, and closes it
 * also on failure. name stands for the file in errors. It reads the file
 * header, so on a pipe it waits for that.
 */
enum cap_status cap_open_stream(FILE *stream, const char *name,
				const struct cap_options *options,
				struct cap_reader **out_reader,
				char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/*
 * cap_next() gives the next record: CAP_OK, CAP_END, or an error, whose
 * text cap_reader_error() holds; after an error the reader only repeats it.
 * A truncated record is given (cap_is_truncated()); a record whose link
 * header is incomplete is an error. Records of interfaces that are neither
 * inside nor outside, and of other protocols than IPv4, are given as well.
 */
enum cap_status cap_next(struct cap_reader *reader,
			 struct cap_record *out_record) CAP_NODISCARD;
const char *cap_reader_error(const struct cap_reader *reader);

/* Octets read so far and in all (0 = a pipe), for showing progress. */
uint64_t cap_reader_position(const struct cap_reader *reader);
uint64_t cap_reader_size(const struct cap_reader *reader);

/* True if the capture is Ethernet (EN10MB) on every file of it. */
bool cap_reader_is_ethernet(const struct cap_reader *reader);

/* Harmless on NULL. */
void cap_close(struct cap_reader *reader);

struct cap_writer;

/* What a file made by the writer holds. */
enum cap_format {
	CAP_FORMAT_SLL2 = 0, /* both sides, for everything of ours */
	CAP_FORMAT_ETHERNET, /* one wire, as a sniffer on it sees it */
};

/*
 * cap_create() starts a capture. It is written under a temporary name in
 * the same folder and renamed by cap_commit(); "-" writes to standard
 * output, flushed at each cap_flush(), and so does the name of a device or
 * a named pipe. Nothing is left behind unless cap_commit() succeeds. A
 * symbolic link is followed.
 */
enum cap_status cap_create(const char *path, enum cap_format format,
			   struct cap_writer **out_writer,
			   char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/*
 * cap_create_from() is cap_create() for what is made from the records of a
 * reader (which may be NULL): it refuses to write over a file that is being
 * read, under whatever name: CAP_ERR_ARGUMENT.
 */
enum cap_status cap_create_from(const struct cap_reader *reader,
				const char *path, enum cap_format format,
				struct cap_writer **out_writer,
				char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/*
 * cap_create_fd() writes to a descriptor that is open already: a pipe to a
 * process, a socket. It stays the caller's and stays open. name stands for
 * the file in errors.
 */
enum cap_status cap_create_fd(int fd, const char *name, enum cap_format format,
			      struct cap_writer **out_writer,
			      char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/*
 * cap_create_call() hands octets to a function, as they are flushed: for a
 * descriptor that is not to be waited for. put() returns NULL, or what went
 * wrong. name stands for the file in errors.
 */
typedef const char *cap_put_fn(void *ctx, const uint8_t *data, size_t len);
enum cap_status cap_create_call(cap_put_fn *put, void *ctx, const char *name,
				enum cap_format format,
				struct cap_writer **out_writer,
				char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/*
 * cap_write() appends a record: time, side, dir, cast, ethertype, data, len,
 * wire_len, src_mac are used (dst_mac too for CAP_FORMAT_ETHERNET); number,
 * file and offset are not. A wire_len below len counts as len. A record
 * that is not is_ethernet gets the default MAC of who sent it, as in the
 * captures of this project: the router 02:00:00:00:00:01 inside and :02
 * outside, its neighbours :81 and :82; side CAP_SIDE_NONE (ifindex 0) has
 * :00 and :80.
 *
 * CAP_ERR_ARGUMENT: a record that the format cannot hold (no direction, a
 * time after 2106-02-07 06:28:15 UTC, longer than 262144 octets with its link
 * header); it is not written, and the writer remains usable. After
 * CAP_ERR_IO the writer only repeats it, and cap_commit() fails.
 */
enum cap_status cap_write(struct cap_writer *writer,
			  const struct cap_record *record) CAP_NODISCARD;
enum cap_status cap_flush(struct cap_writer *writer) CAP_NODISCARD;
const char *cap_writer_error(const struct cap_writer *writer);

/* Finishes the file and frees the writer, also on failure. */
enum cap_status cap_commit(struct cap_writer *writer,
			   char error[CAP_ERROR_SIZE]) CAP_NODISCARD;

/* Gives the file up and frees the writer. Harmless on NULL. */
void cap_discard(struct cap_writer *writer);

#endif /* PCAPS_CAPTURE_H */
