#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# nat.pl - a tiny NAT (UDP, TCP, echo) as a program, for masqcheck:
#
#     masqcheck run --engine 'exec:perl nat.pl'
#
# It reads a capture on standard input and writes one on standard output:
# pcap with nanoseconds, little endian, link type LINUX_SLL2. One record in
# is one stimulus; the results go out as packets of type 4. A record of
# EtherType 0x88B5 is the barrier: all results, then it goes back.
use strict;
use warnings;

my $OUTSIDE = pack('C4', 203, 0, 113, 1);    # our address
my $TIMEOUT = 120;                           # s
my (%port_of, %flow_of, $next, $out, $greeted);
sub clear { %port_of = %flow_of = (); $next = 40000 }

# The capture that we write: a header, then records.
$out = pack('VvvVVVV', 0xa1b23c4d, 2, 4, 0, 0, 262144, 276);

sub record {    # time (s, ns), EtherType, interface, packet
    my ($s, $ns, $type, $if, $packet) = @_;
    my $link = pack('nnNnCCa8', $type, 0, $if, 1, 4, 6, "\2\0\0\0\0" . chr $if);
    my $len = length($link) + length($packet);
    $out .= pack('VVVV', $s, $ns, $len, $len) . $link . $packet;
}

# A checksum when some octets that it covers change (RFC 1624).
sub fix {
    my ($sum, $old, $new) = @_;
    my $s = ~$sum & 0xffff;
    $s += ~$_ & 0xffff for unpack('n*', $old);
    $s += $_ for unpack('n*', $new);
    $s = ($s & 0xffff) + ($s >> 16) while $s >> 16;
    return (~$s & 0xffff) || 0xffff;
}

# The translated packet; undef: it is dropped.
sub translate {
    my ($outward, $now, $ip) = @_;
    return undef if length($ip) < 28;
    my ($ver, $len, $frag, $ttl, $proto, $sum) = unpack('Cxnx2nCCn', $ip);
    my $head = ($ver & 15) * 4;
    return undef if $ver >> 4 != 4 || $head < 20 || $len > length($ip)
        || $len < $head + 8 || $ttl <= 1 || $frag & 0x3fff;
    $ip = substr($ip, 0, $len);    # what is behind it is link padding

    my $addr = $outward ? 12 : 16;
    my $port = $head + ($outward ? 0 : 2);
    my $check = $proto == 17 ? 6 : $proto == 6 && $len >= $head + 20 ? 16 : 2;
    if ($check == 2) {             # echo: its identifier is the port
        my $type = vec($ip, $head, 8);
        return undef if $proto != 1 || $type != ($outward ? 8 : 0);
        $port = $head + 4;
    }
    my $old_addr = substr($ip, $addr, 4);
    my $old_port = substr($ip, $port, 2);
    my ($key, $new_addr, $new_port);
    if ($outward) {
        $key = "$proto $old_addr$old_port";
        my $flow = $flow_of{$port_of{$key} // ''};
        if (!$flow || $now - $flow->{last} >= $TIMEOUT) {
            $port_of{$key} = "$proto " . $next++;
            $flow = $flow_of{$port_of{$key}} = { addr => $old_addr, port => $old_port };
        }
        $flow->{last} = $now;
        ($new_addr, $new_port) = ($OUTSIDE, pack('n', (split ' ', $port_of{$key})[1]));
    } else {
        my $flow = $flow_of{"$proto " . unpack('n', $old_port)};
        return undef if $old_addr ne $OUTSIDE || !$flow
            || $now - $flow->{last} >= $TIMEOUT;
        $flow->{last} = $now;
        ($new_addr, $new_port) = ($flow->{addr}, $flow->{port});
    }
    # The sums of UDP and TCP cover the addresses, that of ICMP does not.
    my $l4 = unpack('n', substr($ip, $head + $check, 2));
    $l4 = fix($l4, $old_port . ($proto == 1 ? '' : $old_addr),
              $new_port . ($proto == 1 ? '' : $new_addr)) if $l4 || $proto != 17;
    substr($ip, $head + $check, 2) = pack('n', $l4);
    substr($ip, $port, 2) = $new_port;
    substr($ip, $addr, 4) = $new_addr;
    $sum = fix($sum, $old_addr . pack('CC', $ttl, 0), $new_addr . pack('CC', $ttl - 1, 0));
    substr($ip, 8, 4) = pack('CCn', $ttl - 1, $proto, $sum);
    return $ip;
}

sub get {
    my $n = read(STDIN, my $octets, $_[0]);
    exit 0 if !$n || $n < $_[0];    # the end: masqcheck is done with us
    return $octets;
}

binmode STDIN;
binmode STDOUT;
$| = 1;
clear();
get(24);
for (;;) {
    my ($s, $ns, $len) = unpack('VVV', get(16));
    my ($type, $if) = unpack('nx2N', my $link = get(20));
    my $packet = $len > 20 ? get($len - 20) : '';
    if ($type == 0x0800) {
        my $result = translate($if == 1, $s + $ns / 1e9, $packet);
        record($s, $ns, $type, 3 - $if, $result) if defined $result;
    } elsif ($type == 0x88b5 && $packet eq 'reset') {
        clear();
    } elsif ($type == 0x88b5) {
        record($s, $ns, $type, 1, "name perl\ncan clock reset\n") if !$greeted++;
        record($s, $ns, $type, 1, '');
        print $out;
        $out = '';
    }
}
