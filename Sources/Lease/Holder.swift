/// Who holds a claim, as the store tells it.
package struct Holder: Hashable, Sendable {
  package let node: String
  package let session: SessionID
  package let epoch: Epoch

  package init(node: String, session: SessionID, epoch: Epoch) {
    self.node = node
    self.session = session
    self.epoch = epoch
  }
}
