# Whether a daemon of Libreswan 4.10, as Debian builds it, can do what `ike=` or `esp=` asks of it in IKEv1. -v suite; prints why not.
BEGIN {
	of = toupper(substr(suite, 1, index(suite, "=") - 1))
	asked = tolower(substr(suite, index(suite, "=") + 1))
	if (asked == "") refuse(" proposal is empty")
	proposals = split(asked, proposal, ",")
	for (i = 1; i <= proposals; i++) check(proposal[i])
}

function check(one,   group, parts, part) {
	group = one
	if (sub(/.*;/, "", group)) sub(/;.*/, "", one)
	else group = ""
	parts = split(one, part, "-")
	check_cipher(part[1])
	if (parts > 1) check_hash(part[2])
	if (parts > 2) check_group(part[3])
	if (group != "") check_group(group)
}

function check_cipher(name) {
	if (name ~ /^aes[0-9]+$/ && name !~ /^aes(128|192|256)$/)
		refuse(" encryption algorithm AES_CBC with key length " substr(name, 4) " invalid; valid key lengths: 128, 192, 256")
	if (name ~ /^(des|blowfish)$/) refuse(" encryption algorithm '" name "' is not supported")
	if (name !~ /^(aes|aes128|aes192|aes256|3des)$/) refuse(" encryption algorithm '" name "' is not recognized")
}

function check_hash(name) {
	if (name !~ /^(md5|sha|sha1|sha2|sha2_256|sha256|sha2_384|sha384|sha2_512|sha512)$/)
		refuse((of == "IKE" ? " PRF" : " integrity") " algorithm '" name "' is not recognized")
}

function check_group(name) {
	if (name == "modp1024") refuse(" DH algorithm 'modp1024' is not supported")
	if (name !~ /^(modp(1536|2048|3072|4096|6144|8192)|dh(5|14|15|16|17|18))$/) refuse(" DH algorithm '" name "' is not recognized")
}

function refuse(why) {
	print of why
	exit 1
}
