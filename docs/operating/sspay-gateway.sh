#!/bin/sh
# A command of the gateway, as the user of the unit and with its environment: /usr/local/bin/sspay-gateway, chmod 755.
# Not `. gateway.env`: its values have no quotes, and an address has "&". A variable of the caller replaces one of the file.
exec runuser -u sspay -- node --env-file=/etc/sspay/gateway.env /opt/sspay/node_modules/.bin/sspay-gateway "$@"
