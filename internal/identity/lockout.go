package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"qiao/internal/platform/fault"
)

// Lockout says when failed sign-ins close the door for a while. GB/T 22239-2019 8.1.4.1 b) asks for a limit and
// names no number; these are ours and can be set in the configuration.
type Lockout struct {
	Failures        int           // of one login, before it is closed
	AddressFailures int           // from one address, before it is closed: higher, since offices share one
	Window          time.Duration // in which the failures are counted
	Wait            time.Duration // how long the door stays closed
}

// DefaultLockout is 5 failures of a login or 50 from an address within 15 minutes, then 15 minutes' wait.
func DefaultLockout() Lockout {
	return Lockout{Failures: 5, AddressFailures: 50, Window: 15 * time.Minute, Wait: 15 * time.Minute}
}

// attempts is the count of one key: a login or an address.
type attempts struct {
	failures int
	since    time.Time // of the first failure counted
	until    time.Time // closed until then; zero: open
}

// fail counts one more failure at now: anew when the window or the wait has passed, closed when limit is reached.
func (l Lockout) fail(a attempts, limit int, now time.Time) attempts {
	waited := !a.until.IsZero() && !now.Before(a.until)
	if a.failures == 0 || waited || now.Sub(a.since) >= l.Window {
		a = attempts{since: now}
	}
	a.failures++
	if a.failures >= limit && a.until.IsZero() {
		a.until = now.Add(l.Wait)
	}
	return a
}

// closed is the fault TooMany while the door is closed, else nil.
func (a attempts) closed(now time.Time) error {
	if !now.Before(a.until) {
		return nil
	}
	minutes := int((a.until.Sub(now) + time.Minute - 1) / time.Minute)
	return fault.New(fault.TooMany, "sign-in-locked", "尝试次数过多，请在 {0} 分钟后再试。", minutes)
}

// loginKey and addressKey name a count without keeping the login or the address. An IPv6 customer has a whole /64,
// so that is what is counted.
func loginKey(login string) string { return digest("login", login) }

func addressKey(address string) string {
	if ap, err := netip.ParseAddrPort(address); err == nil {
		address = ap.Addr().String()
	}
	if ip, err := netip.ParseAddr(address); err == nil {
		ip = ip.Unmap().WithZone("")
		if ip.Is6() {
			if net, err := ip.Prefix(64); err == nil {
				return digest("address", net.String())
			}
		}
		address = ip.String()
	}
	return digest("address", address)
}

func digest(kind, text string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + text))
	return hex.EncodeToString(sum[:])
}
