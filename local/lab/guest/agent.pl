# Runs commands on the nodes for whoever connects. A request is a head of lines ending with an empty one
# (node, time limit in seconds, number of bytes of standard input, environment, arguments, each percent-encoded), then the input.
# The answer is frames: a letter (o, e: output; x: exit status) and a length in a line, then as many bytes.
use strict;
use warnings;
use Socket;
use POSIX ();

$SIG{CHLD} = 'IGNORE';
socket(my $server, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
setsockopt($server, SOL_SOCKET, SO_REUSEADDR, 1);
bind($server, sockaddr_in(7000, INADDR_ANY)) or die "bind: $!";
listen($server, 128) or die "listen: $!";
while (accept(my $client, $server)) {
	my $pid = fork;
	if (defined $pid && $pid == 0) { close $server; serve($client); POSIX::_exit(0); }
	close $client;
}

sub decoded { my $word = shift; $word =~ s/%([0-9A-F]{2})/chr hex $1/ge; return $word; }

sub read_exactly {
	my ($from, $size) = @_;
	my $got = '';
	while (length $got < $size) { sysread($from, $got, $size - length $got, length $got) or return $got; }
	return $got;
}

sub read_line { my $from = shift; my $line = ''; while (sysread($from, my $byte, 1)) { return $line if $byte eq "\n"; $line .= $byte; } return $line; }

sub frame { my ($to, $kind, $bytes) = @_; my $all = $kind . length($bytes) . "\n" . $bytes; while (length $all) { my $n = syswrite($to, $all) or return 0; substr($all, 0, $n, ''); } return 1; }

sub serve {
	my $client = shift;
	$SIG{CHLD} = 'DEFAULT';
	$SIG{PIPE} = 'IGNORE';
	my %head = (env => [], arg => []);
	while (length(my $line = read_line($client))) {
		my ($key, $value) = split / /, $line, 2;
		# A page in a browser can reach the port, and has other head lines.
		return unless $key =~ /\A(?:node|limit|stdin|env|arg)\z/;
		if (ref $head{$key}) { push @{ $head{$key} }, decoded($value // ''); } else { $head{$key} = decoded($value // ''); }
	}
	my $input = read_exactly($client, $head{stdin} // 0);
	my $pass = "/tmp/stdin.$$";
	open(my $file, '>', $pass) or die "stdin: $!";
	print {$file} $input;
	close $file;
	pipe(my $out, my $out_end);
	pipe(my $err, my $err_end);
	my $pid = fork;
	if ($pid == 0) {
		POSIX::setsid();
		open(STDIN, '<', $pass); unlink $pass;
		open(STDOUT, '>&', $out_end); open(STDERR, '>&', $err_end);
		close $_ for $client, $out, $err, $out_end, $err_end;
		open(my $ns, '<', "/run/netns/$head{node}") or die "no node $head{node}\n";
		syscall(308, fileno($ns), 0x40000000) == 0 or die "setns: $!\n";
		syscall(272, 0x00020000) == 0 or die "unshare: $!\n";
		chroot("/nodes/$head{node}") or die "chroot: $!\n";
		chdir('/');
		# /proc/sys/net and sysfs show the network namespace of who mounts or reads them.
		%ENV = (PATH => '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME => '/root', map { split /=/, $_, 2 } @{ $head{env} });
		exec { $head{arg}[0] } @{ $head{arg} } or die "$head{arg}[0]: $!\n";
	}
	close $out_end; close $err_end;
	my %open = (fileno($out) => ['o', $out], fileno($err) => ['e', $err]);
	my $end = time + ($head{limit} // 600);
	my $code;
	my $gone_at;
	while (1) {
		my $bits = '';
		vec($bits, $_, 1) = 1 for keys %open, fileno($client);
		my $ready = select(my $read = $bits, undef, undef, 0.2);
		if ($ready > 0) {
			for my $number (keys %open) {
				next unless vec($read, $number, 1);
				my ($kind, $from) = @{ $open{$number} };
				if (sysread($from, my $bytes, 65536)) { frame($client, $kind, $bytes) or last; } else { delete $open{$number}; }
			}
			if (vec($read, fileno($client), 1) && !sysread($client, my $byte, 1)) { kill 'KILL', -$pid; last; }
		}
		if (!defined $code && waitpid($pid, POSIX::WNOHANG()) == $pid) { $code = $? & 127 ? 128 + ($? & 127) : $? >> 8; $gone_at = time; }
		last if defined $code && (!%open || time - $gone_at > 1);
		if (time > $end) { kill 'KILL', -$pid; $code = 124; last; }
	}
	frame($client, 'x', $code // 137);
}
