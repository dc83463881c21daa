import Cluster
import KubernetesObjects
import Testing

struct ObjectListTests {
  private func list(_ json: String) throws -> ObjectList {
    try ObjectList(json: Array(json.utf8), of: .service)
  }

  @Test func aPageOfAList() throws {
    let list = try list(
      #"""
      {"kind":"ServiceList","apiVersion":"v1",
       "metadata":{"resourceVersion":"4711","continue":"abc","remainingItemCount":3},
       "items":[{"metadata":{"name":"a","namespace":"n"}},{"metadata":{"name":"b","namespace":"n"}}]}
      """#)
    #expect(list.objects.map(\.name) == [ObjectName("n", "a"), ObjectName("n", "b")])
    #expect(list.resourceVersion == "4711")
    #expect(list.continuation == "abc")
    #expect(list.unreadable.isEmpty)
  }

  @Test func theLastPageAndTheEmptyOne() throws {
    let last = try list(#"{"metadata":{"resourceVersion":"5","continue":""},"items":null}"#)
    #expect(last.continuation == nil)
    #expect(last.objects.isEmpty)
    #expect(try list(#"{"metadata":{"resourceVersion":"5"},"items":[]}"#).resourceVersion == "5")
  }

  @Test func anElementThatCannotBeReadLeavesTheOthers() throws {
    let list = try list(
      #"""
      {"metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a","namespace":"n"},
       "spec":{"type":7}},null,{"metadata":{"name":"b","namespace":"n"}}]}
      """#)
    #expect(list.objects.map(\.name) == [ObjectName("n", "b")])
    #expect(list.unreadable.count == 2)
    #expect(
      list.unreadable.first
        == UnreadableObject(
          name: ObjectName("n", "a"),
          reason: "Service n/a: items[0].spec.type: text is expected here"))
    #expect(list.unreadable.last?.name == nil)
  }

  @Test(arguments: ["", "null", "[]", "{", #"{"items":{}}"#, #"{"metadata":7,"items":[]}"#])
  func whatIsNoListIsAnError(json: String) {
    #expect(throws: UnreadableJSON.self) { try list(json) }
  }
}
