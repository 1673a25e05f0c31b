"""Reports of letters that were not delivered, as widespread mail servers write them.

Whole messages, the domains made up; `RETURN-ADDRESS` stands where the return address goes
(tests/mail/came_back.py fills it in).
"""

POSTFIX = """
    Return-Path: <>
    X-Original-To: RETURN-ADDRESS
    Delivered-To: RETURN-ADDRESS
    Received: by relay.attest.example (Postfix)
        id 4E3B21C0042; Tue,  5 Feb 2013 09:12:44 +0000 (GMT)
    Date: Tue,  5 Feb 2013 09:12:44 +0000 (GMT)
    From: MAILER-DAEMON@relay.attest.example (Mail Delivery System)
    Subject: Undelivered Mail Returned to Sender
    To: RETURN-ADDRESS
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status;
        boundary="D1A2C1C0041.1360055564/relay.attest.example"
    Content-Transfer-Encoding: 8bit
    Message-Id: <20130205091244.4E3B21C0042@relay.attest.example>

    This is a MIME-encapsulated message.

    --D1A2C1C0041.1360055564/relay.attest.example
    Content-Description: Notification
    Content-Type: text/plain; charset=us-ascii

    This is the mail system at host relay.attest.example.

    I'm sorry to have to inform you that your message could not
    be delivered to one or more recipients. It's attached below.

    <tom.beck@halden.example>: host mx.halden.example[192.0.2.25] said: 550 5.1.1
        <tom.beck@halden.example>: Recipient address rejected: User unknown in
        virtual mailbox table (in reply to RCPT TO command)

    --D1A2C1C0041.1360055564/relay.attest.example
    Content-Description: Delivery report
    Content-Type: message/delivery-status

    Reporting-MTA: dns; relay.attest.example
    X-Postfix-Queue-ID: D1A2C1C0041
    X-Postfix-Sender: rfc822; RETURN-ADDRESS
    Arrival-Date: Tue,  5 Feb 2013 09:12:43 +0000 (GMT)

    Final-Recipient: rfc822; tom.beck@halden.example
    Original-Recipient: rfc822;tom.beck@halden.example
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; mx.halden.example
    Diagnostic-Code: smtp; 550 5.1.1 <tom.beck@halden.example>: Recipient address
        rejected: User unknown in virtual mailbox table

    --D1A2C1C0041.1360055564/relay.attest.example
    Content-Description: Undelivered Message
    Content-Type: message/rfc822
    Content-Transfer-Encoding: 8bit

    From: Attest <attest@attest.example>
    To: Tom Beck <tom.beck@halden.example>
    Subject: ND-2013-004: 5 files are due
    Auto-Submitted: auto-generated

    Dear Tom Beck,

    --D1A2C1C0041.1360055564/relay.attest.example--
"""

POSTFIX_DELAYED = """
    Return-Path: <>
    Delivered-To: RETURN-ADDRESS
    From: MAILER-DAEMON@relay.attest.example (Mail Delivery System)
    Subject: Delayed Mail (still being retried)
    To: RETURN-ADDRESS
    Auto-Submitted: auto-replied
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="delay"

    --delay
    Content-Type: text/plain; charset=us-ascii

    # THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #

    --delay
    Content-Type: message/delivery-status

    Reporting-MTA: dns; relay.attest.example

    Final-Recipient: rfc822; tom.beck@halden.example
    Action: delayed
    Status: 4.4.1
    Diagnostic-Code: X-Postfix; connect to mx.halden.example[192.0.2.25]:25:
        Connection timed out
    Will-Retry-Until: Sun, 10 Feb 2013 09:12:43 +0000 (GMT)

    --delay
    Content-Type: text/rfc822-headers

    Subject: ND-2013-004: 5 files are due

    --delay--
"""

EXIM = """
    Return-path: <>
    Envelope-to: RETURN-ADDRESS
    Delivery-date: Tue, 05 Feb 2013 09:12:44 +0000
    Received: from Debian-exim by relay.attest.example with local (Exim 4.96)
        id 1U2eXw-0001aB-2Q for RETURN-ADDRESS;
        Tue, 05 Feb 2013 09:12:44 +0000
    X-Failed-Recipients: tom.beck@halden.example
    Auto-Submitted: auto-replied
    From: Mail Delivery System <Mailer-Daemon@relay.attest.example>
    To: RETURN-ADDRESS
    References: <77777777@attest.example>
    Content-Type: multipart/report; report-type=delivery-status; boundary=1360055564-eximdsn-7
    MIME-Version: 1.0
    Subject: Mail delivery failed: returning message to sender
    Message-Id: <E1U2eXw-0001aB-2Q@relay.attest.example>

    --1360055564-eximdsn-7
    Content-type: text/plain; charset=us-ascii

    This message was created automatically by mail delivery software.

    A message that you sent could not be delivered to one or more of its
    recipients. This is a permanent error. The following address(es) failed:

      tom.beck@halden.example
        host mx.halden.example [192.0.2.25]
        SMTP error from remote mail server after RCPT TO:<tom.beck@halden.example>:
        550 No such person at this address

    --1360055564-eximdsn-7
    Content-type: message/delivery-status

    Reporting-MTA: dns; relay.attest.example

    Action: failed
    Final-Recipient: rfc822;tom.beck@halden.example
    Status: 5.0.0
    Remote-MTA: dns; mx.halden.example
    Diagnostic-Code: smtp; 550 No such person at this address

    --1360055564-eximdsn-7
    Content-type: message/rfc822

    Subject: ND-2013-004: 5 files are due

    Dear Tom Beck,

    --1360055564-eximdsn-7--
"""

# As it was before 4.80, and still is with a template of the administrator's own.
EXIM_OLD = """
    Return-path: <>
    Envelope-to: RETURN-ADDRESS
    X-Failed-Recipients: tom.beck@halden.example
    Auto-Submitted: auto-replied
    From: Mail Delivery System <Mailer-Daemon@relay.attest.example>
    To: RETURN-ADDRESS
    Subject: Mail delivery failed: returning message to sender

    A message that you sent could not be delivered to one or more of its
    recipients. This is a permanent error. The following address(es) failed:

      tom.beck@halden.example
        retry timeout exceeded
"""

EXCHANGE = """
    Return-Path: <>
    To: RETURN-ADDRESS
    From: <postmaster@halden.example>
    Date: Tue, 5 Feb 2013 09:13:02 +0000
    Content-Type: multipart/report; report-type=delivery-status;
    \tboundary="b5c1f1d2-6a1e-4f6b-8f60-1c6a9f1f0a11"
    Content-Language: en-GB
    Message-ID: <9d1c@EX01.halden.example>
    In-Reply-To: <77777777@attest.example>
    Subject: =?utf-8?B?VW5kZWxpdmVyYWJsZTogTkQtMjAxMy0wMDQ6IDUgZmlsZXMgYXJlIGR1ZQ==?=
    Auto-Submitted: auto-replied
    X-MS-Exchange-Message-Is-Ndr:
    MIME-Version: 1.0

    --b5c1f1d2-6a1e-4f6b-8f60-1c6a9f1f0a11
    Content-Type: multipart/alternative; differences=Content-Type;
    \tboundary="5d2b7a60-inner"

    --5d2b7a60-inner
    Content-Type: text/plain; charset="utf-8"
    Content-Transfer-Encoding: quoted-printable

    Your message to tom.beck@halden.example couldn't be delivered.

    --5d2b7a60-inner
    Content-Type: text/html; charset="utf-8"

    <html><body><p>Your message couldn't be delivered.</p></body></html>

    --5d2b7a60-inner--

    --b5c1f1d2-6a1e-4f6b-8f60-1c6a9f1f0a11
    Content-Type: message/delivery-status

    Reporting-MTA: dns;EX01.halden.example
    Received-From-MTA: dns;relay.attest.example
    Arrival-Date: Tue, 5 Feb 2013 09:13:01 +0000

    Original-Recipient: rfc822;tom.beck@halden.example
    Final-Recipient: rfc822;tom.beck@halden.example
    Action: failed
    Status: 5.2.2
    Diagnostic-Code: smtp;554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException
    X-Display-Name: Tom Beck

    --b5c1f1d2-6a1e-4f6b-8f60-1c6a9f1f0a11
    Content-Type: message/rfc822

    Subject: ND-2013-004: 5 files are due

    --b5c1f1d2-6a1e-4f6b-8f60-1c6a9f1f0a11--
"""

GMAIL = """
    Return-Path: <>
    Delivered-To: RETURN-ADDRESS
    X-Gm-Message-State: AOAM530a
    X-Failed-Recipients: tom.beck@halden.example
    From: Mail Delivery Subsystem <mailer-daemon@hosted.example>
    To: RETURN-ADDRESS
    Auto-Submitted: auto-replied
    Subject: Delivery Status Notification (Failure)
    Content-Type: multipart/report; boundary="000000000000f0e1d205"; report-type=delivery-status

    --000000000000f0e1d205
    Content-Type: multipart/related; boundary="000000000000f0eeed05"

    --000000000000f0eeed05
    Content-Type: text/plain; charset="UTF-8"

    ** Address not found **

    Your message wasn't delivered to tom.beck@halden.example because the address couldn't be found.

    --000000000000f0eeed05
    Content-Type: image/png; name="icon.png"
    Content-Transfer-Encoding: base64

    iVBORw0KGgo=
    --000000000000f0eeed05--
    --000000000000f0e1d205
    Content-Type: message/delivery-status

    Reporting-MTA: dns; hosted.example
    Received-From-MTA: dns; RETURN-ADDRESS
    Arrival-Date: Tue, 05 Feb 2013 01:12:44 -0800 (PST)
    X-Original-Message-ID: <77777777@attest.example>

    Final-Recipient: rfc822; tom.beck@halden.example
    Action: failed
    Status: 5.1.1
    Remote-MTA: dns; mx.halden.example. (192.0.2.25, the server for the domain halden.example.)
    Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
     550 5.1.1 Learn more at https://hosted.example/?p=NoSuchUser
    Last-Attempt-Date: Tue, 05 Feb 2013 01:12:45 -0800 (PST)

    --000000000000f0e1d205
    Content-Type: message/rfc822

    Subject: ND-2013-004: 5 files are due

    --000000000000f0e1d205--
"""
