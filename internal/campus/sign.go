package campus

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/fault"
)

// The headers of a signed call, the same in both directions.
const (
	HeaderLink      = "Campus-Connection"
	HeaderTime      = "Campus-Time"
	HeaderSignature = "Campus-Signature"
)

// skew is how far the clocks of the two systems may differ.
const skew = 5 * time.Minute

// Sign is the signature of a call: HMAC-SHA256 over the seconds since 1970, method, path with query, and body.
func Sign(secret string, seconds int64, method, path string, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	_, _ = m.Write([]byte(strconv.FormatInt(seconds, 10) + "\n" + method + "\n" + path + "\n")) // a hash never fails
	_, _ = m.Write(body)
	return "v1=" + hex.EncodeToString(m.Sum(nil))
}

// Call is a signed call that came in.
type Call struct {
	Link      string
	Time      string
	Signature string
	Method    string
	Path      string // with query
	Body      []byte
}

// known finds the connection that made a call, or says why it is not believed. What is wrong with a signature is never told
// apart from an unknown connection.
func (s *Service) known(ctx context.Context, c Call) (Link, error) {
	wrong := fault.New(fault.Unauthenticated, "campus-signature", "签名不对：请核对连接编号、密钥和签名方法，见接口说明。")
	seconds, err := strconv.ParseInt(strings.TrimSpace(c.Time), 10, 64)
	if err != nil {
		return Link{}, wrong
	}
	l, err := getLink(ctx, s.DB, c.Link)
	if err != nil && !fault.Is(err, "no-campus") {
		return l, err
	}
	if err != nil || l.Kind != KindAPI || l.Secret == "" || !hmac.Equal([]byte(Sign(l.Secret, seconds, c.Method, c.Path, c.Body)), []byte(c.Signature)) {
		return Link{}, wrong
	}
	now := s.Clock.Now()
	if off := now.Sub(time.Unix(seconds, 0)); off > skew || off < -skew { // told only to who holds the secret
		return Link{}, fault.New(fault.Unauthenticated, "campus-clock", "签名的时间与本平台相差 {0} 秒，最多 {1} 秒：请校准时钟。", int64(off.Abs()/time.Second), int64(skew/time.Second))
	}
	if l.State != Active {
		return Link{}, fault.New(fault.Forbidden, "campus-paused", "这个连接已暂停或停用。")
	}
	return l, s.heard(ctx, l)
}
