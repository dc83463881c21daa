import Synchronization

/// A collection of objects on a `ScriptedAPI`, listed and watched as a real server has it, until a test
/// wants it otherwise.
final class FakeCollection: Sendable {
  struct State {
    /// Text of each object, by name.
    var objects: [String: (text: String, version: Int)] = [:]
    var version = 100
    /// Lines since the beginning, with their versions.
    var history: [(line: String, version: Int)] = []
    /// Watches from before this version are told 410.
    var oldest = 0
    var watches: [Exchange] = []
    var watchCount = 0
    var listCount = 0
    /// Lists of one object, which ask for the version alone.
    var versionCount = 0
  }
  private let state = Mutex(State())
  let kind: String
  let apiVersion: String

  init(_ kind: String, apiVersion: String = "v1") {
    self.kind = kind
    self.apiVersion = apiVersion
  }

  var watchCount: Int { state.withLock { $0.watchCount } }
  var listCount: Int { state.withLock { $0.listCount } }
  var versionCount: Int { state.withLock { $0.versionCount } }
  var version: Int { state.withLock { $0.version } }

  func put(_ name: String, _ fields: String = "") { change(name, fields, type: nil) }
  func delete(_ name: String) { change(name, "", type: "DELETED") }

  private func change(_ name: String, _ fields: String, type: String?) {
    state.withLock { state in
      state.version += 1
      let text =
        #"{"kind":"\#(kind)","apiVersion":"\#(apiVersion)","metadata":{"name":"\#(name)","#
        + #""resourceVersion":"\#(state.version)"}\#(fields)}"#
      let known = state.objects[name] != nil
      state.objects[name] = type == nil ? (text, state.version) : nil
      let line = #"{"type":"\#(type ?? (known ? "MODIFIED" : "ADDED"))","object":\#(text)}"# + "\n"
      state.history.append((line, state.version))
      for watch in state.watches { watch.send(line) }
    }
  }

  /// Moves on without an event for anybody here, and says so to the watches.
  func bookmark() {
    state.withLock { state in
      state.version += 1
      let line =
        #"{"type":"BOOKMARK","object":{"kind":"\#(kind)","metadata":{"resourceVersion":"#
        + #""\#(state.version)"}}}"# + "\n"
      for watch in state.watches { watch.send(line) }
    }
  }

  /// Forgets what was before now.
  func compact() { state.withLock { $0.oldest = $0.version } }

  /// To all watches, whatever it is.
  func send(_ text: String) { state.withLock { for watch in $0.watches { watch.send(text) } } }

  func cutWatches() {
    state.withLock { state in
      for watch in state.watches { watch.cut() }
      state.watches = []
    }
  }

  func endWatches() {
    state.withLock { state in
      for watch in state.watches { watch.end() }
      state.watches = []
    }
  }

  func answer(_ request: ScriptedAPI.Request, _ exchange: Exchange) {
    if request["watch"] == "true" { watch(request, exchange) } else { list(request, exchange) }
  }

  private func list(_ request: ScriptedAPI.Request, _ exchange: Exchange) {
    let (names, page, version) = state.withLock { state in
      if request["limit"] == "1" { state.versionCount += 1 } else { state.listCount += 1 }
      let names = state.objects.keys.sorted()
      let start = request["continue"].flatMap { token in names.firstIndex { $0 > token } } ?? 0
      let limit = request["limit"].flatMap { Int($0) } ?? .max
      let rest = names[start...]
      let page = rest.prefix(limit).map { state.objects[$0]?.text ?? "" }
      return (rest.count > limit ? rest.prefix(limit).last : nil, page, state.version)
    }
    let token = names.map { #","continue":"\#($0)""# } ?? ""
    exchange.answer(
      #"{"kind":"\#(kind)List","apiVersion":"\#(apiVersion)","metadata":{"resourceVersion":"#
        + #""\#(version)"\#(token)},"items":[\#(page.joined(separator: ","))]}"#)
  }

  private func watch(_ request: ScriptedAPI.Request, _ exchange: Exchange) {
    let start = request["resourceVersion"].flatMap { Int($0) } ?? 0
    state.withLock { state in
      state.watchCount += 1
      exchange.open()
      if start < state.oldest {
        exchange.send(
          #"{"type":"ERROR","object":{"kind":"Status","status":"Failure","reason":"Expired","#
            + #""code":410,"message":"too old resource version"}}"# + "\n")
        exchange.end()
        return
      }
      for (line, version) in state.history where version > start { exchange.send(line) }
      state.watches.append(exchange)
    }
  }
}
