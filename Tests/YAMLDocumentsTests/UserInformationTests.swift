import Testing
import YAMLDocuments

struct UserInformationTests {
  @Test(arguments: [
    ("root:SECRET@10.0.0.1:2379", "[removed]@10.0.0.1:2379"),
    ("SECRET@10.0.0.1:2379", "[removed]@10.0.0.1:2379"),
    ("https://root:SEC/RE@T@10.0.0.1:2379", "https://[removed]@10.0.0.1:2379"),
    ("ftp://a@b", "ftp://[removed]@b"),
    ("root:a://b@c", "[removed]@c"),
    ("10.0.0.1:2379", "10.0.0.1:2379"),
    ("@host", "@host"),
    ("https://@host", "https://@host"),
    ("", ""),
  ])
  func whatStandsBeforeAHost(text: String, result: String) {
    #expect(UserInformation.removed(from: text) == result)
  }
}
