"""Every way things can fail, each with one sentence that names the cause and the next step.

- VeloraError
  - ApiError
    - CategoryGone
    - CategoryNotFound
    - Forbidden
      - InsufficientScope
      - StreamingNotEnabled
    - NotFound
    - PartRejected
    - RateLimited
    - Rejected
    - ServerError
    - Unauthorized
    - UnexpectedResponse
      - BadJson
      - InvalidResponse
        - TokensInvalid
      - ResponseTooLarge
      - SignInUnclear
      - UnexpectedRedirect
  - Cancelled
  - CategoryUnchecked
  - ClipboardMissing
  - ClipboardRefused
  - InvalidInput
    - ApiUrlInvalid
    - CategoryAmbiguous
    - CategoryQueryInvalid
    - CategoryUnknown
    - NotSignedIn
      - KeyringLocked
      - SettingsDamaged
      - SettingsNewer
      - SettingsUnreadable
    - PresetFileDamaged
    - PresetGone
    - PresetNameTaken
    - ProtocolNotOffered
      - AddressNotOffered
    - ProtocolUnknown
    - StreamIdInvalid
    - TagInvalid
    - TitleInvalid
    - TitleTooLong
    - TokenMalformed
      - TokenIsAddress
      - TokenIsClientId
      - TokenIsClientSecret
      - TokenIsKey
    - VariableUnknown
  - KeyNotApplied
  - KeyUncertain
    - KeyUncertainToCopy
  - NoPreviousService
  - NotSettable
  - PagePortsTaken
  - ProfileSwitched
  - ProtocolUnavailable
  - ServiceRejected
  - ServiceUnsaved
  - SignInError
    - BrowserMissing
    - ClientIdMissing
    - ClientRefused
    - ConsentDenied
    - OtherSignIn
    - PortBusy
    - ScopesNotApproved
    - SignInBusy
    - SignInEnded
    - SignInFailed
    - SignInRefused
    - SignInStale
    - SignInTimedOut
    - StateMismatch
    - TokenRunOut
  - StorageError
    - KeyringKeeps
    - SignOutPending
    - StorageUnreadable
  - StreamRunning
    - StreamStarting
  - TransportError
    - CertificatesMissing
    - ConnectionLost
    - DnsError
    - ProxyError
      - ProxyUnusable
    - TimedOut
    - TlsError
  - UnexpectedError
"""

from __future__ import annotations

from . import api, base, local, sign_in, user_input
from .api import *  # noqa: F403 - the public names are here, whichever file has them
from .base import *  # noqa: F403
from .local import *  # noqa: F403
from .sign_in import *  # noqa: F403
from .user_input import *  # noqa: F403

__all__ = [*api.__all__, *base.__all__, *local.__all__, *sign_in.__all__, *user_input.__all__]
