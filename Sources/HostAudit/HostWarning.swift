/// Something about this node that will spoil announcing, and what to do about it.
package struct HostWarning: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case arpIgnore = "arp-ignore"
    case arpAnnounce = "arp-announce"
    case addressOnAnnouncingLink = "address-on-announcing-link"
    case proxyARP = "proxy-arp"
    case neighborProxy = "neighbor-proxy"
    case reversePathFilter = "rp-filter"
    case ipv6Disabled = "ipv6-disabled"
    case noSubnet = "no-subnet"
    case wholeSubnet = "whole-subnet"
    case poolOutside = "pool-outside"
    case poolHasLinkAddresses = "pool-link-addresses"
    case otherAnnouncer = "other-announcer"
    /// The settings could not be read, so that nothing can be said of them.
    case unchecked
  }

  package let kind: Kind
  /// The link it is about; nil where it is about the node.
  package let link: String?
  /// The setting to change, as sysctl(8) names it; nil where it is no setting.
  package let sysctl: String?
  /// One line that names what is wrong, its effect and the remedy.
  package let message: String

  package init(kind: Kind, link: String? = nil, sysctl: String? = nil, message: String) {
    self.kind = kind
    self.link = link
    self.sysctl = sysctl
    self.message = message
  }
}

extension HostWarning: CustomStringConvertible {
  package var description: String { message }
}
