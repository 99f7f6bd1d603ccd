package channel

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strconv"
	"time"

	"qiao/internal/platform/clock"
)

// TLS says how a mail connection is protected.
type TLS string

// Ways of protecting a mail connection.
const (
	TLSImplicit TLS = "implicit" // TLS from the first byte (port 465)
	TLSStart    TLS = "starttls" // STARTTLS, and no mail without it (port 587); the default
	TLSNone     TLS = "none"     // plain: only for a relay on this machine or a protected network
)

// SMTPConfig says which mail server takes our mail.
type SMTPConfig struct {
	URL            string // "smtp://user:password@host:587" (STARTTLS), "smtps://…:465" (TLS), "smtp://relay:25?tls=none"; fills what it names below
	Host           string
	Port           int // 0: 465 for implicit TLS, else 587
	User, Password string
	From           string // "Qiao 桥 <noreply@example.org>" or a bare address
	TLS            TLS    // empty: TLSStart
	Timeout        time.Duration
	Roots          *x509.CertPool // nil: the system's
	Clock          clock.Clock
}

// SMTP sends mail through one server.
type SMTP struct {
	c    SMTPConfig
	from *mail.Address
}

// NewSMTP checks the configuration.
func NewSMTP(c SMTPConfig) (*SMTP, error) {
	if err := c.readURL(); err != nil {
		return nil, err
	}
	if c.Host == "" {
		return nil, errors.New("the mail server has no host")
	}
	switch c.TLS {
	case "":
		c.TLS = TLSStart
	case TLSImplicit, TLSStart, TLSNone:
	default:
		return nil, fmt.Errorf("the mail server's tls %q is none of implicit, starttls, none", c.TLS)
	}
	if c.Port == 0 {
		c.Port = 587
		if c.TLS == TLSImplicit {
			c.Port = 465
		}
	}
	if c.Timeout <= 0 {
		c.Timeout = 20 * time.Second
	}
	if c.Clock == nil {
		c.Clock = clock.System{}
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return nil, fmt.Errorf("read the sender's mail address %q: %w", c.From, err)
	}
	return &SMTP{c: c, from: from}, nil
}

// readURL fills the configuration from its URL. An error never shows the password.
func (c *SMTPConfig) readURL() error {
	if c.URL == "" {
		return nil
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return errors.New("the mail server's address cannot be read; write it like smtp://user:password@host:587")
	}
	switch u.Scheme {
	case "smtp":
		c.TLS = TLS(u.Query().Get("tls"))
	case "smtps":
		c.TLS = TLSImplicit
	default:
		return fmt.Errorf("the mail server's address %q must begin with smtp:// or smtps://", u.Redacted())
	}
	c.Host = u.Hostname()
	c.User = u.User.Username()
	c.Password, _ = u.User.Password()
	if port := u.Port(); port != "" {
		if c.Port, err = strconv.Atoi(port); err != nil {
			return fmt.Errorf("read the port of the mail server %q: %w", u.Redacted(), err)
		}
	}
	return nil
}

// Kind is Mail.
func (s *SMTP) Kind() string { return Mail }

// Send delivers m to the mail server; a 5xx answer to the recipient or the text is a refusal.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	if err := check(m); err != nil {
		return err
	}
	to, err := mail.ParseAddress(m.To)
	if err != nil {
		return refuse("read the mail address %q: %w", m.To, err)
	}
	body := compose(s.from, to, m, s.c.Clock.Now())
	ctx, cancel := context.WithTimeout(ctx, s.c.Timeout)
	defer cancel()
	conn, err := s.dial(ctx)
	if err != nil {
		return fmt.Errorf("reach the mail server %s: %w", s.c.Host, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // a silent server must not hold the courier
	defer stop()
	if err := s.deliver(conn, to.Address, body); err != nil {
		return judgeMail(s.c.Host, err)
	}
	return nil
}

func (s *SMTP) dial(ctx context.Context) (net.Conn, error) {
	address := net.JoinHostPort(s.c.Host, strconv.Itoa(s.c.Port))
	if s.c.TLS == TLSImplicit {
		d := tls.Dialer{Config: s.tls()}
		return d.DialContext(ctx, "tcp", address)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", address)
}

func (s *SMTP) tls() *tls.Config {
	return &tls.Config{ServerName: s.c.Host, RootCAs: s.c.Roots, MinVersion: tls.VersionTLS12}
}

// deliver speaks one SMTP session on conn and closes it.
func (s *SMTP) deliver(conn net.Conn, to string, body []byte) (err error) {
	client, err := smtp.NewClient(conn, s.c.Host)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, client.Close())
		}
	}()
	if s.c.TLS == TLSStart {
		if ok, _ := client.Extension("STARTTLS"); !ok {
			return errors.New("the server offers no STARTTLS, and mail is not sent unprotected")
		}
		if err := client.StartTLS(s.tls()); err != nil {
			return err
		}
	}
	if s.c.User != "" {
		if err := client.Auth(smtp.PlainAuth("", s.c.User, s.c.Password, s.c.Host)); err != nil {
			return laterOnly{err}
		}
	}
	if err := client.Mail(s.from.Address); err != nil {
		return laterOnly{err}
	}
	return s.hand(client, to, body)
}

// hand gives the recipient and the text; once the text is taken, a failing QUIT changes nothing.
func (s *SMTP) hand(client *smtp.Client, to string, body []byte) error {
	if err := client.Rcpt(to); err != nil {
		return err
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(body); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := client.Quit(); err != nil {
		_ = client.Close()
	}
	return nil
}

// laterOnly marks failures of our own sign-in or sender: the operator mends them, the recipient is not at fault.
type laterOnly struct{ err error }

func (l laterOnly) Error() string { return l.err.Error() }

// judgeMail: 5xx about this recipient or text is a refusal, everything else may pass later.
func judgeMail(host string, err error) error {
	var answer *textproto.Error
	if errors.As(err, &answer) && answer.Code >= 500 {
		return refuse("the mail server %s refused: %w", host, err)
	}
	return fmt.Errorf("give the mail to %s: %w", host, err)
}
