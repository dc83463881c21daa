internal import Lease
internal import Wire

/// Calls, answers and news in the words of a transcript.
func describe(_ call: Call) -> String {
  let number = "call \(call.number)"
  return switch call.request {
  case .open(let node, _): "\(number), a session for \(node)"
  case .renew(let id): "\(number), renewal of \(id)"
  case .confirmOwnership: "\(number), everything"
  case .acquire(let addresses, let id): "\(number), \(list(addresses)) for \(id)"
  case .release(let claims, let id):
    "\(number), to release \(claims.map { "\($0.address) \($0.epoch.map(String.init(describing:)) ?? "of any epoch")" }.joined(separator: " ")) of \(id)"
  case .prefer(let preferences, let id):
    "\(number), to prefer \(preferences.map { "\($0.node ?? "nobody") for \($0.address)" }.joined(separator: " ")) by \(id)"
  case .close(let id): "\(number), to close \(id)"
  }
}

func describe(_ outcome: Outcome) -> String {
  switch outcome {
  case .opening(.opened(let id, _)): "\(id)"
  case .opening(.nameTaken(let other)): "taken by \(other.id)"
  case .renewal(.renewed): "renewed"
  case .renewal(.sessionGone): "no such session"
  case .picture(let picture):
    "\(picture.sessions.map(\.id.text).sorted()), "
      + list(picture.claims.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }) {
        describe($0.0, $0.1)
      }
  case .acquisition(let answers):
    list(answers.sorted { $0.key < $1.key }) { address, answer in
      switch answer {
      case .acquired(let epoch): "\(address) in epoch \(epoch)"
      case .heldBy(let holder): "not \(describe(address, holder))"
      case .failed(let failure): "\(address): \(failure)"
      }
    }
  case .done: "done"
  case .failed(let failure): "“\(failure)”"
  }
}

func describe(_ change: StoreChange) -> String {
  switch change {
  case .sessionOpened(let session): "\(session.id) of \(session.node) opened"
  case .sessionEnded(let id): "\(id) ended"
  case .claimed(let address, let holder): "claimed \(describe(address, holder))"
  case .freed(let address, let epoch):
    "freed \(address) \(epoch.map(String.init(describing:)) ?? "")"
  case .preferred(let address, let node): "\(address) preferred for \(node ?? "nobody")"
  case .missed: "that it missed something"
  case .restored: "that the store was put back from a backup"
  case .trouble(let failure): failure.map { "trouble: \($0)" } ?? "no more trouble"
  }
}

private func describe(_ address: IPAddress, _ holder: Holder) -> String {
  "\(address) \(holder.session) \(holder.epoch)"
}

private func list(_ addresses: [IPAddress]) -> String { list(addresses) { "\($0)" } }

/// The first few; forty addresses would hide the rest.
private func list<Element>(_ elements: [Element], _ text: (Element) -> String) -> String {
  let shown = elements.prefix(8).map(text).joined(separator: ", ")
  return elements.count > 8 ? "\(shown) and \(elements.count - 8) more" : shown
}
