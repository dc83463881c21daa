/// What is announced of Services, in a cluster or in files, where there is no policy at all.
package enum DefaultPolicy: String, CaseIterable, Hashable, Sendable {
  case all, none
}
