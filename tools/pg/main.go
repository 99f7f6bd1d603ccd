// Command pg starts a throw-away PostgreSQL and runs a command with QIAO_TEST_POSTGRES pointing to
// it: `go run ./tools/pg go test ./...`. Without a command it prints the address and waits for an interrupt.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"qiao/internal/platform/dbtest"
)

func main() {
	safe := flag.Bool("safe", false, "keep commits safe (fsync on), for measurements")
	flag.Parse()
	code, err := run(*safe, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "pg:", err)
		code = 1
	}
	os.Exit(code)
}

func run(safe bool, command []string) (code int, err error) {
	durability := dbtest.Unsafe
	if safe {
		durability = dbtest.Safe
	}
	s, err := dbtest.Start(durability)
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if len(command) == 0 {
		fmt.Println(s.URL)
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
		<-stop
		return 0, nil
	}
	c := exec.Command(command[0], command[1:]...)
	c.Env = append(os.Environ(), "QIAO_TEST_POSTGRES="+s.URL)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = c.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}
