"""Hostile addresses: one list, run against save, test and send."""

URLS = [
    "http://hooks.a.gov.uk/", "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "ftp://hooks.a.gov.uk/",
    "data:text/plain,x", "javascript:alert(1)", "unix:///var/run/docker.sock", "https+unix://x.gov.uk/",
    "//evil.example/", "https:evil.example", "https:///evil.example/", "https:\\\\evil.example/",
    " https://hooks.a.gov.uk/", "https://hooks.\ta.gov.uk/", "https://hooks.a.gov.uk/\r\nX-Evil: 1",
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/",
    "https://0177.0.0.1/", "https://017700000001/", "https://0/", "https://0.0.0.0/", "https://localhost/",
    "https://127.0.0.1.nip.io/", "https://\u2460\u2461\u2466.0.0.1/", "https://[::1]/", "https://[::]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[2002:7f00:1::]/",
    "https://[64:ff9b:1::7f00:1]/", "https://169.254.169.254/latest/meta-data/",
    "https://metadata.google.internal/", "https://100.100.100.200/", "https://168.63.129.16/",
    "https://[fd00:ec2::254]/", "https://[64:ff9b::a9fe:a9fe]/", "https://[fe80::1%25eth0]/",
    "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/",
    "https://198.18.0.1/", "https://224.0.0.1/", "https://255.255.255.255/",
    "https://localhost.gov.uk@127.0.0.1/", "https://user:pw@hooks.a.gov.uk/", "https://hooks.a.gov.uk@evil.example/",
    "https://hooks.a.gov.uk:443@evil.example/", "https://hooks.a.gov.uk#@evil.example/",
    "https://evil.example#.gov.uk", "https://evil.example?.gov.uk", "https://evil.example/.gov.uk",
    "https://evil.example\\.gov.uk/", "https://hooks.a.gov.uk%2eevil.example/",
    "https://hooks.a.gov.uk%00.evil.example/", "https://hooks.a.gov.uk\u3002evil.example/",
    "https://evilgov.uk/", "https://hooks.gov.uk.evil.example/", "HTTPS://EVIL.EXAMPLE/", "https://xn--/",
    "https://-a.gov.uk/", "https://a..gov.uk/", "https://hooks.a.gov.uk:22/", "https://hooks.a.gov.uk:99999/",
    "https://hooks.a.gov.uk:0443x/", "https://hooks.a.gov.uk:80/", "https://hooks.a.gov.uk:/", "https://gov.uk/",
    "https://.gov.uk/", "https://hooks.a.gov.uk./", "https://" + "a" * 64 + ".gov.uk/",
    "https://hooks.a.gov.uk/" + "a" * 2048, "https://hooks.a.gov.uk/#fragment", "https://hooks_a.gov.uk/", "https://",
    "http://127.0.0.1:8080@evil.example/", "http://localhost.evil.example:8080/", "http://127.0.0.2:8080/",
]  # fmt: skip
WITHOUT_A_HOST_LIST = [
    "https://127.0.0.1.nip.io/",
    "https://metadata.google.internal/",
    "https://evilgov.uk/",
]
ADDRESSES = [
    "0.0.0.0", "0.1.2.3",  # noqa: S104 - a hostile address, not one to bind to
    "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.1",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.31.196.1",
    "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:db8::1", "2002:7f00:1::1", "2620:4f:8000::1", "3fff::1", "4000::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2606:4700::1%1",
    "", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "1.2.3.4.5", "not an address",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "51.140.1.1", "2606:4700::1111", "2a00:1450:4009::1"]
