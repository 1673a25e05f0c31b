"""Pages by topic. A route reads a form, calls one act of attest.services, shows or redirects."""
