// Package config is every setting of the program in one documented struct. It is read from flags,
// then from the environment (QIAO_ and the flag's name in capitals); only cmd and app read it.
package config

import (
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"
)

// Config is what `qiao serve` runs with.
type Config struct {
	Listen      string        // address of the site
	Admin       string        // address of /metrics and profiles: loopback; empty: none
	Data        string        // folder of the database (SQLite), the files and the index
	Database    string        // postgres://…; empty: SQLite in Data
	Public      string        // the site's public address; empty: http:// and Listen
	Region      string        // six-digit code of the region this node serves
	Vectors     int           // records up to which the search index is given vectors; 0: never
	Demo        bool          // load the demo region; its sign-ins are shown
	Drain       time.Duration // how long running requests may take at the end
	LogLevel    string        // debug, info, warn, error
	SMTP        string        // smtp://user:password@host:port; empty: mail is kept, not sent
	MailFrom    string        // sender of mail
	Limits      int64         // largest upload in bytes
	Import      int64         // largest file of resources in bytes
	National    string        // where the national platform takes records of this region; empty: by file only
	Token       string        // for the national platform
	Media       string        // UDP address of live pictures; empty: Listen
	MediaPublic string        // addresses at which browsers reach Media, where it is behind NAT
	Private     bool          // other systems may be fetched from private addresses and over plain http
}

// Flags adds the settings to a flag set.
func (c *Config) Flags(f *flag.FlagSet) {
	f.StringVar(&c.Listen, "listen", "127.0.0.1:8080", "address of the site")
	f.StringVar(&c.Admin, "admin", "", "loopback address of /metrics and profiles, e.g. 127.0.0.1:8081")
	f.StringVar(&c.Data, "data", "var", "folder of the embedded database, files and search index")
	f.StringVar(&c.Database, "database", "", "postgres://… instead of the embedded database")
	f.StringVar(&c.Public, "public", "", "public address of the site, e.g. https://qiao.example.cn")
	f.StringVar(&c.Region, "region", "330400", "region this node serves: six digits of GB/T 2260")
	f.BoolVar(&c.Demo, "demo", false, "load the demo region and show its sign-ins; sends nothing outside")
	f.DurationVar(&c.Drain, "drain", 10*time.Second, "how long running requests may take at the end")
	f.IntVar(&c.Vectors, "search-vectors", 0, "train vectors for the search index while it has at most so many records; 0: never")
	f.StringVar(&c.LogLevel, "log", "info", "debug, info, warn or error")
	f.StringVar(&c.SMTP, "smtp", "", "smtp://user:password@host:port; better in QIAO_SMTP than on the command line")
	f.StringVar(&c.MailFrom, "mail-from", "", "sender of mail, e.g. qiao@example.cn")
	f.StringVar(&c.National, "national", "", "address where the national platform takes this region's records by HTTP; empty: by file only")
	f.StringVar(&c.Token, "national-token", "", "bearer token for the national platform; better in QIAO_NATIONAL_TOKEN than on the command line")
	f.StringVar(&c.Media, "media", "", "UDP address of live pictures, e.g. 0.0.0.0:8189; empty: host and port of -listen. Browsers must reach it directly")
	f.StringVar(&c.MediaPublic, "media-public", "", "IP addresses at which browsers reach -media when this machine is behind NAT, separated by commas")
	f.BoolVar(&c.Private, "fetch-private", false, "harvest from private addresses too: peers in one's own network")
	f.Int64Var(&c.Limits, "max-upload", 64<<20, "largest upload in bytes")
	f.Int64Var(&c.Import, "max-import", 1<<30, "largest file of resources to import, in bytes; it is kept on disk, never in memory")
}

// Parse reads args, then fills flags not given from the environment: QIAO_MAX_UPLOAD for -max-upload.
func Parse(f *flag.FlagSet, args []string, env func(string) string) error {
	if err := f.Parse(args); err != nil {
		return err
	}
	given := map[string]bool{}
	f.Visit(func(x *flag.Flag) { given[x.Name] = true })
	var errs []error
	f.VisitAll(func(x *flag.Flag) {
		name := "QIAO_" + strings.ToUpper(strings.ReplaceAll(x.Name, "-", "_"))
		if v := env(name); v != "" && !given[x.Name] {
			if err := f.Set(x.Name, v); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
			}
		}
	})
	return errors.Join(errs...)
}

// ServerOnly tells whether a setting matters to `qiao serve` alone, so that the help of other commands leaves it out.
func ServerOnly(name string) bool {
	switch name {
	case "listen", "admin", "demo", "drain", "smtp", "mail-from", "fetch-private", "media", "media-public", "national", "national-token", "search-vectors", "max-upload", "max-import":
		return true
	}
	return false
}

// Check says what is wrong with the settings, and brings the public address into its one form.
func (c *Config) Check() error {
	if len(c.Region) != 6 || strings.Trim(c.Region, "0123456789") != "" {
		return fmt.Errorf("-region %q: six digits, e.g. 330400", c.Region)
	}
	if c.Database != "" && !strings.HasPrefix(c.Database, "postgres") {
		return fmt.Errorf("-database %q: an address that begins with postgres://", c.Database)
	}
	if c.National != "" {
		u, err := url.Parse(c.National)
		if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !c.Private) {
			return errors.New("-national: an address that begins with https:// and holds no password (http:// only with -fetch-private)")
		}
	}
	if c.Public != "" {
		u, err := url.Parse(c.Public)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("-public %q: an address that begins with https:// or http://", c.Public)
		}
		c.Public = strings.TrimSuffix(c.Public, "/")
	}
	return nil
}

// Secure tells whether the public address is https.
func (c Config) Secure() bool { return strings.HasPrefix(c.Public, "https://") }

// Environment is the process's environment.
func Environment(name string) string { return os.Getenv(name) }
