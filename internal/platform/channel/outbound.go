package channel

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// Outbound says how far a client may reach.
type Outbound struct {
	Timeout      time.Duration // of a whole exchange; 0 means 10 s
	AllowPrivate bool          // may reach private and local addresses, and plain http: a gateway in one's own network
}

func (o Outbound) timeout() time.Duration {
	if o.Timeout <= 0 {
		return 10 * time.Second
	}
	return o.Timeout
}

// reserved are ranges that netip has no word for and that are not the public internet.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"),
}

// Public says whether an address belongs to the public internet (IANA special-purpose registries).
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// Dialer connects only where o allows. The address is judged after the name has been looked up, at the moment of
// connecting, so that a name cannot answer differently the second time.
func (o Outbound) Dialer() *net.Dialer {
	d := &net.Dialer{Timeout: o.timeout()}
	if !o.AllowPrivate {
		d.Control = onlyPublic
	}
	return d
}

func onlyPublic(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return refuse("read the address %s: %w", address, err)
	}
	if !Public(a.Addr()) {
		return refuse("%s is not a public address", a.Addr())
	}
	return nil
}

// Client is an HTTP client that reaches only where o allows, follows no redirect and uses no proxy of the environment.
func (o Outbound) Client() *http.Client {
	return &http.Client{
		Timeout: o.timeout(),
		Transport: &http.Transport{
			DialContext:            o.Dialer().DialContext,
			TLSHandshakeTimeout:    o.timeout(),
			ResponseHeaderTimeout:  o.timeout(),
			MaxResponseHeaderBytes: 32 << 10,
			MaxConnsPerHost:        8,
			IdleConnTimeout:        time.Minute,
			ForceAttemptHTTP2:      true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// address reads the address of a gateway: https, or http where private addresses are allowed.
func (o Outbound) address(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", fmt.Errorf("read the gateway's address: %w", err)
	}
	if u.Host == "" || (u.Scheme != "https" && (u.Scheme != "http" || !o.AllowPrivate)) {
		return "", fmt.Errorf("the gateway's address %q must begin with https://", u.Redacted())
	}
	return u.String(), nil
}

func queryEscape(s string) string { return url.QueryEscape(s) }
