#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# hostile.pl - a program that does what no engine may: hostile.pl WHAT
#
# Up to its misdeed it passes packets on as they are.
use strict;
use warnings;

my $deed = shift // 'none';
my ($num, $started, $said) = (0, 0, 0);
my $hello = $deed eq 'word' ? "can fly\n" : $deed eq 'line' ? "hello\n"
    : $deed eq 'refuse' ? "refuse no such router here\n"
    : $deed eq 'reset' ? "name reset\ncan clock dump reset\n" : "can clock\n";

sub put {    # EtherType, interface, packet type, octets, time
    my ($type, $if, $kind, $packet, $s, $ns, $cut) = @_;
    my $out = $started++ ? '' : pack('VvvVVVV', 0xa1b23c4d, 2, 4, 0, 0, 262144, 276);
    my $len = 20 + length $packet;
    $out .= pack('VVVV', $s, $ns, $len, $len + ($cut // 0))
        . pack('nnNnCCa8', $type, 0, $if, 1, $kind, 6, '') . $packet;
    syswrite STDOUT, $out;
}

sub get {
    my $octets = '';
    while (length $octets < $_[0]) {
        my $n = sysread STDIN, $octets, $_[0] - length $octets, length $octets;
        if (!$n) {
            sleep 100 if $deed eq 'deaf';    # the end means nothing to it
            exit 0;
        }
    }
    return $octets;
}

$SIG{TERM} = 'IGNORE' if $deed eq 'deaf';
if ($deed eq 'flood-first') { syswrite STDOUT, 'x' x 65536 for 1 .. 1000 }
if ($deed eq 'endless') { put(0x88b5, 1, 4, '', 0, 0); put(0x800, 2, 4, 'E' x 20, 1e9, 0) while 1 }
system("$ARGV[0] 100 >/dev/null &") if $deed eq 'orphan';
get(24);
for (;;) {
    my ($s, $ns, $len) = unpack 'VVV', get(16);
    my ($type, $if) = unpack 'nx2N', get(20);
    my $packet = $len > 20 ? get($len - 20) : '';
    if ($type == 0x800) {
        $num++;
        exit 3 if $deed eq 'die' && $num == 3;
        kill 'SEGV', $$ if $deed eq 'crash';
        sleep 100 if $deed eq 'silent' && $num == 2;
        close STDOUT, sleep 100 if $deed eq 'close-output';
        close STDIN, sleep 100 if $deed eq 'close-input' && $num == 1;
        syswrite(STDOUT, "one two three four five six seven\n"), sleep 100 if $deed eq 'garbage';
        syswrite(STDOUT, pack('VVVV', $s, $ns, 100, 100) . 'abc'), exit 0 if $deed eq 'part';
        syswrite(STDOUT, pack('VVVV', $s, $ns, 100, 100) . 'abc'), sleep 100 if $deed eq 'part-silent';
        syswrite(STDOUT, pack('VVVV', $s, $ns, 900_000_000, 100)), sleep 100 if $deed eq 'huge';
        put(0x800, 2, 4, $packet, $s, $ns) for 1 .. ($deed eq 'flood' ? 10_000 : 0);
        my $kind = $deed eq 'arrived' ? 0 : 4;
        my $out = $deed eq 'side' ? 7 : 3 - $if;
        $s += 60 if $deed eq 'future';
        $s -= 60 if $deed eq 'past' && $num > 1;
        put($deed eq 'arp' ? 0x806 : 0x800, $out, $kind, $deed eq 'none-left' ? '' : $packet, $s,
            $deed eq 'micro' ? $ns - $ns % 1000 : $ns, $deed eq 'cut' ? 9 : 0);
        put(0x88b5, 1, 4, 'what?', $s, $ns) if $deed eq 'talk';
    } elsif (length $packet) {
        put(0x88b5, 1, 4, "mappings $num\n", $s, $ns) if $packet =~ /^dump/;
        $num = 0 if $packet eq 'reset';
    } else {
        put(0x800, 2, 4, 'E' x 20, $s, $ns) if $deed eq 'early' && !$said;
        put(0x88b5, 1, 4, $hello, $s, $ns) if !$said++;
        put(0x88b5, 1, 4, '', $s, $ns);
    }
}
