/// Why a test's etcd is not as it should be.
package struct EtcdTestError: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
