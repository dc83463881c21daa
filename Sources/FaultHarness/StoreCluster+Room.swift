extension StoreCluster {
  /// Makes room in a store that is full, as an operator does: forget the history, give the space
  /// back, take the alarm away.
  func makeRoom() async throws {
    let revision = try await gateway.keys("/b/").header.revision?.value ?? 1
    try await gateway.compact(to: revision)
    for gateway in gateways {
      try await gateway.call(
        "/v3/maintenance/defragment", "{}", as: PlainAnswer.self, withinMilliseconds: 10_000)
    }
    for alarm in try await alarms() {
      try await gateway.call(
        "/v3/maintenance/alarm",
        #"{"action":"DEACTIVATE","memberID":"\#(alarm)","alarm":"NOSPACE"}"#,
        as: PlainAnswer.self)
    }
  }

  /// The members, by their unsigned ids, that have an alarm.
  private func alarms() async throws -> [UInt64] {
    struct Alarms: Decodable, Sendable {
      struct Alarm: Decodable, Sendable { let memberID: Number? }
      let alarms: [Alarm]?
    }
    return try await gateway.call("/v3/maintenance/alarm", "{}", as: Alarms.self).alarms?
      .compactMap { $0.memberID.map { UInt64(bitPattern: $0.value) } } ?? []
  }
}
