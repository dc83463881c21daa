import Configuration
import Testing

struct EtcdEndpointTests {
  @Test(arguments: [
    ("https://10.80.0.11", "https://10.80.0.11:2379"),
    ("http://10.80.0.11:4001", "http://10.80.0.11:4001"),
    ("HTTPS://Etcd-1.Example:2379", "https://etcd-1.example:2379"),
    ("https://[2001:DB8::1]", "https://[2001:db8::1]:2379"),
    ("https://[2001:db8::1]:1", "https://[2001:db8::1]:1"),
    ("http://localhost:65535", "http://localhost:65535"),
    // As etcd's own programs print them now and then.
    ("https://10.80.0.11:2379/", "https://10.80.0.11:2379"), ("https://a/", "https://a:2379"),
  ])
  func anEndpointIsASchemeAHostAndAPort(text: String, url: String) throws {
    let endpoints = try parse("lease: {etcd: {endpoints: ['\(text)']}}").lease.etcd.endpoints
    #expect(endpoints.map(\.description) == [url])
    #expect(endpoints.map(\.isSecure) == [url.hasPrefix("https")])
  }

  @Test(arguments: [
    ("10.80.0.11:2379", "is not a URL; write https://10.80.0.11:2379"),
    ("unix:///run/etcd.sock", "is neither http nor https; write https://10.80.0.11:2379"),
    ("https://", "has no host; write https://10.80.0.11:2379"),
    ("https://10.80.0.300", "has a host that cannot be one; write https://10.80.0.11:2379"),
    ("https://2001:db8::1", "has a host that cannot be one; write https://10.80.0.11:2379"),
    ("https://[10.80.0.11]:1", "has a host that cannot be one; write https://10.80.0.11:2379"),
    ("https://[::1:2379", "has a host that cannot be one; write https://10.80.0.11:2379"),
    ("https://a..b", "has a host that cannot be one; write https://10.80.0.11:2379"),
    ("https://a b", "has a host that cannot be one; write https://10.80.0.11:2379"),
    ("https://a:0", "has a port that cannot be one; write 1 to 65535"),
    ("https://a:65536", "has a port that cannot be one; write 1 to 65535"),
    ("https://a:", "has a port that cannot be one; write 1 to 65535"),
    ("https://a:+1", "has a port that cannot be one; write 1 to 65535"),
    ("https://a//", "has something after the host and port; write https://a:2379"),
    ("192.168.50.21:2379", "is not a URL; write https://192.168.50.21:2379"),
    ("etcd-1", "is not a URL; write https://etcd-1:2379"),
    (
      "https://a:2379,https://b:2379/",
      #"is several in one text; write a list: ["https://a:2379", "https://b:2379"]"#
    ),
    (
      "https://a:2379, http://b",
      #"is several in one text; write a list: ["https://a:2379", "http://b:2379"]"#
    ),
    (
      "https://a:2379,b c",
      #"is several in one text; write a list: ["https://10.80.0.11:2379", …]"#
    ),
    ("https://a:1/v3", "has something after the host and port; write https://a:1"),
    ("https://a?b", "has something after the host and port; write https://a:2379"),
    ("https://a#b", "has something after the host and port; write https://a:2379"),
    ("root:SECRET@10.0.0.1:2379", "is not a URL; write https://10.80.0.11:2379"),
    ("https://me:pw@a", "names a user; write lease.etcd.username and lease.etcd.passwordFile"),
  ])
  func whateverElseAURLHasIsRefused(text: String, message: String) {
    // Nobody's password is quoted.
    let quoted = text.replacing(#/[A-Za-z]+:[A-Za-z]+@/#, with: "[removed]@")
    #expect(
      theFault("lease: {etcd: {endpoints: ['\(text)']}}").replacing(#/:1:[0-9]+: /#, with: " ")
        == "announcer.yaml lease.etcd.endpoints[0]: '\(quoted)' \(message)")
  }
}
