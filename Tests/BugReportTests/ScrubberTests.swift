import BugReport
import Testing

@Suite struct ScrubberTests {
  private func scrub(_ text: String, _ secrets: String...) -> String {
    Scrubber(secrets: secrets).scrub(text)
  }

  @Test func whatIsKnownIsRemovedEverywhere() {
    #expect(scrub("a hunter2, hunter2b", "hunter2") == "a [removed], [removed]b")
    #expect(scrub("hunter2b", "hunter2", "hunter2b") == "[removed]", "the longest first")
    #expect(scrub("the cat", "cat") == "the cat", "too short to be told from words")
    #expect(scrub("pässwört!", "pässwört") == "[removed]!")
  }

  @Test(arguments: [
    ("https://me:pw@host/x", "https://[removed]@host/x"),
    ("https://token@host", "https://[removed]@host"),
    ("https://me:p@w@host:2379", "https://[removed]@host:2379"),
    ("dial root:pw@10.0.0.1:2379: refused", "dial [removed]@10.0.0.1:2379: refused"),
    ("endpoint=root:p,w@host", "endpoint=[removed]@host"),
    ("[pw@10.0.0.1:2379, me:pw@b]", "[[removed]@10.0.0.1:2379, [removed]@b]"),
    ("https://me:p/w@host:2379/x", "https://[removed]@host:2379/x"),
    ("'root:pw@[2001:db8::1]:2379'", "'[removed]@[2001:db8::1]:2379'"),
    ("3: v0@if2: <UP> mail a.b@example.com", "3: v0@if2: <UP> mail a.b@example.com"),
    ("announcer@lan0.service", "announcer@lan0.service"),
    ("got eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ here", "got [removed] here"),
    ("join 07401b.f395accd246ae52d", "join [removed]"),
    ("2001:db8::1 and version 1.29.0-alpha.0.1234", "2001:db8::1 and version 1.29.0-alpha.0.1234"),
    ("see https://host/a@b now", "see https://host/a@b now"),
    ("Authorization: Bearer abc.def-ghi", "Authorization: Bearer [removed]"),
    ("bearer token of the account", "bearer token of the account"),
    ("password=hunter22 next", "password=[removed] next"),
    (#"{"access_token": "abcd", "a": 1}"#, #"{"access_token": "[removed]", "a": 1}"#),
    ("API-KEY: x; apiKey='12345'", "API-KEY: x; apiKey='[removed]'"),
    ("passwordFile: /etc/announcer/pw", "passwordFile: /etc/announcer/pw"),
    ("key: /etc/announcer/client.key", "key: /etc/announcer/client.key"),
    ("the token was refused", "the token was refused"),
  ])
  func whatLooksLikeOne(text: String, result: String) {
    #expect(scrub(text) == result)
  }

  @Test func privateKeys() {
    let key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ\n-----END EC PRIVATE KEY-----"
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    #expect(scrub("a\n\(key)\nb \(certificate)") == "a\n[removed]\nb \(certificate)")
    #expect(scrub("x -----BEGIN PRIVATE KEY-----\nMHcCAQ") == "x [removed]", "cut off")
  }
}
